using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Loss c · theta at every step, c the same or the step's own basis vector (experiments.md A3).</summary>
internal sealed class MemorylessLinear(int dimension, bool orthonormal) : IStepFunction<double>
{
    public string Name => "memoryless-linear";

    public ThetaLayout Layout { get; } = new(("theta", [dimension]));

    public int StateLength => 0;

    public void InitialTheta(long seed, Span<double> theta) => theta.Fill(0.1);

    public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state)
    {
        // No state.
    }

    public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state) =>
        theta[orthonormal ? (int)key.InnerStep : 0];
}
