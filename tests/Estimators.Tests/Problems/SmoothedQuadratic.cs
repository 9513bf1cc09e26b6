using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// ½ x² from x = 1 by gradient descent with lr = theta itself; loss after the step (experiments.md A4, problem C1).
/// Optionally adds the same noise to both arms' losses (A8).
/// </summary>
internal sealed class SmoothedQuadratic(double theta0 = 0.3, double commonNoise = 0) : IStepFunction<double>
{
    public string Name => "smoothed-quadratic";

    public ThetaLayout Layout { get; } = new(("lr", []));

    public int StateLength => 1;

    public void InitialTheta(long seed, Span<double> theta) => theta[0] = theta0;

    public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) => state[0] = 1;

    public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state)
    {
        state[0] -= theta[0] * state[0];
        var noise = commonNoise == 0 ? 0 : commonNoise * key.Stream(RandomStream.InnerNoise).Normal(0);
        return (0.5 * state[0] * state[0]) + noise;
    }
}
