using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// s ← A s + v θ with A = ½ on the diagonal and above it, v = +1 for the first components and −1 for the others; loss
/// ½ (s₁ − 1)² after the step. What theta does at once and what it does in the long run have opposite signs.
/// </summary>
/// <remarks>
/// Tallec and Ollivier, "Unbiased online recurrent optimization", 2017; in the PES paper with 10 of 23 positive. Theta
/// is one number, or (vector) one number per component.
/// </remarks>
public sealed class InfluenceBalancing<T>(int size = 23, int positive = 10, double theta0 = 0.5, bool vector = false)
    : IPackedStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T Half = T.One / (T.One + T.One);

    /// <inheritdoc/>
    public string Name => "influence-balancing";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("theta", vector ? [size] : []));

    /// <inheritdoc/>
    public int StateLength => size;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) => theta.Fill(T.CreateChecked(theta0));

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T> =>
        state.Fill(TNumber.Constant(T.One));

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        // In place: component i needs only itself and the old value of the next.
        for (var i = 0; i < state.Length; i++)
        {
            var input = vector ? theta[i] : theta[0];
            var sum = i + 1 < state.Length ? state[i] + state[i + 1] : state[i];
            state[i] = i < positive ? (sum * Half) + input : (sum * Half) - input;
        }

        var error = state[0] - T.One;
        return error * error * Half;
    }
}
