using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="NoiseReuseES{T}"/>.</summary>
/// <param name="SignLossDiff">See <c>sign-loss-diff</c>; null leaves differences as they are.</param>
public sealed record NoiseReuseESSettings(double? SignLossDiff = null);

/// <summary>
/// Noise-reuse evolution strategies, also called ES-Single: one perturbation for a whole trajectory, so that no
/// accumulator is needed. Unbiased for the smoothed objective, whatever the window's length.
/// </summary>
/// <remarks>
/// Li et al., "Noise-reuse in online evolution strategies", NeurIPS 2023; Vicol, "Low-variance gradient estimation in
/// unrolled computation graphs with ES-Single", ICML 2023, algorithm 1: g = Σ over the window's trajectories of
/// Δ ε / (2 sigma²), ε that of the trajectory.
/// </remarks>
public sealed class NoiseReuseES<T>(NoiseReuseESSettings? settings = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "noise-reuse-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfStretch(seed, pair, trajectory, 0);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var sign = new SignRule(settings?.SignLossDiff, window.Segments);
        foreach (var segment in window.Segments)
        {
            var delta = sign.Delta(segment);
            var epsilon = window.Epsilon(segment.Noise);
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] += window.Scale * delta * double.CreateTruncating(epsilon[i]);
            }
        }
    }
}
