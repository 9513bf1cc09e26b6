using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// Σ ½ h x² from x = 1 by gradient descent with lr = theta itself; loss after the step (experiments.md A4; by default
/// its problem C1). Optionally adds the same noise to both arms' losses (A8).
/// </summary>
internal sealed class SmoothedQuadratic(double theta0 = 0.3, double commonNoise = 0, params double[] h)
    : IDifferentiableStep<double>
{
    private readonly double[] _h = h.Length > 0 ? h : [1];

    public string Name => "smoothed-quadratic";

    public ThetaLayout Layout { get; } = new(("lr", []));

    public int StateLength => _h.Length;

    public void InitialTheta(long seed, Span<double> theta) => theta[0] = theta0;

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        state.Fill(TNumber.Constant(1));

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double>
    {
        var loss = TNumber.Constant(0);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] -= theta[0] * state[i] * _h[i];
            loss += state[i] * state[i] * (0.5 * _h[i]);
        }

        return commonNoise == 0 ? loss : loss + (commonNoise * key.Stream(RandomStream.InnerNoise).Normal(0));
    }
}
