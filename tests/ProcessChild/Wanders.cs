using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>A mistake that users make: losses that follow from no key.</summary>
public sealed class Wanders : IStepFunction<float>
{
    private static float _calls = Environment.ProcessId;

    public string Name => "wanders";

    public ThetaLayout Layout { get; } = new(("x", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<float> theta) => theta[0] = 1;

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) => state[0] = 0;

    public float Step(ReadOnlySpan<float> theta, Tasks.Randomness.StepKey key, Span<float> state) => theta[0] * _calls++;
}
