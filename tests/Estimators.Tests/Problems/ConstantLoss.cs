using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>A problem whose loss does not depend on theta.</summary>
internal sealed class ConstantLoss : IStepFunction<double>
{
    public string Name => "constant";

    public ThetaLayout Layout { get; } = new(("x", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<double> theta) => theta[0] = 0;

    public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) => state[0] = 0;

    public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state) => 1;
}
