using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>Mistakes that users make: losses that follow from no key, other ones each time or in each process.</summary>
/// <param name="each">Each time.</param>
public sealed class Wanders(bool each) : IStepFunction<float>
{
    private static float _calls = Environment.ProcessId;

    public string Name => each ? "wanders" : "differs";

    public ThetaLayout Layout { get; } = new(("x", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<float> theta) => theta[0] = 1;

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) => state[0] = 0;

    public float Step(ReadOnlySpan<float> theta, Tasks.Randomness.StepKey key, Span<float> state) => theta[0] * (each ? _calls++ : Environment.ProcessId);
}
