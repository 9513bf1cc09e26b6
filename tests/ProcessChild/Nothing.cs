using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>Steps that take no time, to measure all else.</summary>
public sealed class Nothing(int length, int theta) : IStepFunction<float>
{
    public string Name => "nothing";

    public ThetaLayout Layout { get; } = new(("theta", [theta]));

    public int StateLength => length;

    public void InitialTheta(long seed, Span<float> theta) => theta.Clear();

    public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) => state.Fill(1);

    public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state) => state[0];
}
