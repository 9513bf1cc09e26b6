using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// s ← A s + v θ, A = ½ on the diagonal and above it, v = +1 for ten of 23 components and −1 for the others; loss
/// ½ (s₁ − 1)² after the step (experiments.md 1.2). Theta is one number, or one for each component.
/// </summary>
internal sealed class InfluenceBalancing(bool vector = false) : IDifferentiableStep<double>
{
    private const int Size = 23;

    public string Name => "influence-balancing";

    public ThetaLayout Layout { get; } = new(("theta", vector ? [Size] : []));

    public int StateLength => Size;

    public void InitialTheta(long seed, Span<double> theta) => theta.Fill(0.5);

    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        state.Fill(TNumber.Constant(1));

    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, StepKey key, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, double>
    {
        for (var i = 0; i < Size; i++)
        {
            var input = vector ? theta[i] : theta[0];
            var next = i + 1 < Size ? state[i] + state[i + 1] : state[i];
            state[i] = i < 10 ? (next * 0.5) + input : (next * 0.5) - input;
        }

        var error = state[0] - 1;
        return error * error * 0.5;
    }
}
