using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// Learns two parameters of the Lorenz system, θ = (ln a, ln r), from its height: loss (z − z*)² after the step, where
/// z* is that of the true system from the same start. Chaotic: far ahead, every gradient is useless but a smoothed one.
/// </summary>
/// <remarks>
/// Li et al., "Noise-reuse in online evolution strategies", NeurIPS 2023; the true system has a = 10, r = 28.
/// State: (x, y, z) of ours, then of the true system. A spread above 0 draws each start from N(start, spread²).
/// </remarks>
public sealed class Lorenz<T>(double logA = 3.116, double logR = 3.7, double spread = 0) : IPackedStep<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T TrueA = T.CreateChecked(10);
    private static readonly T TrueR = T.CreateChecked(28);

    /// <inheritdoc/>
    public string Name => "lorenz";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(("log_a", []), ("log_r", []));

    /// <inheritdoc/>
    public int StateLength => 6;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta) =>
        (theta[0], theta[1]) = (T.CreateChecked(logA), T.CreateChecked(logR));

    /// <inheritdoc/>
    public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
        where TNumber : struct, IStepNumber<TNumber, T>
    {
        var noise = trajectory.Key.Stream(RandomStream.ParameterInitialisation);
        ReadOnlySpan<double> start = [1.2, 1.3, 1.6];
        for (var i = 0; i < start.Length; i++)
        {
            var value = spread > 0 ? start[i] + (spread * noise.Normal((uint)i)) : start[i];
            state[i] = TNumber.Constant(T.CreateChecked(value));
            state[start.Length + i] = state[i];
        }
    }

    /// <inheritdoc/>
    public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, T> keys, Span<TNumber> state)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        LorenzSystem<T>.Advance(TNumber.Exp(theta[0]), TNumber.Exp(theta[1]), state[..3]);
        LorenzSystem<T>.Advance(TNumber.Constant(TrueA), TNumber.Constant(TrueR), state[3..]);
        var error = state[2] - state[5];
        return error * error;
    }
}
