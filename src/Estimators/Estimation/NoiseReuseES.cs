using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="NoiseReuseES{T}"/>.</summary>
[Component(
    "noise-reuse-es", "one perturbation for a whole trajectory; windows add no noise",
    Aliases = ["nres", "es-single"], Theirs = ["TruncatedESSharedNoise"],
    Source = "Li et al., Noise-reuse in online evolution strategies, NeurIPS 2023; Vicol, ES-Single, ICML 2023")]
public sealed record NoiseReuseESOptions : EstimatorOptions
{
    /// <summary>
    /// Every step's loss difference becomes this times the sign of the window's; null leaves differences as they are.
    /// </summary>
    [Option(SignRule.Explanation, Least = 0, AboveLeast = true, Most = 1e30, Theirs = ["sign_delta_loss_scalar"])]
    public double? SignLossDiff { get; init; }

    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new NoiseReuseES<T>(this);
}

/// <summary>
/// Noise-reuse evolution strategies, also called ES-Single: one perturbation for a whole trajectory, so that no
/// accumulator is needed. Unbiased for the smoothed objective, whatever the window's length.
/// </summary>
/// <remarks>
/// Li et al., "Noise-reuse in online evolution strategies", NeurIPS 2023; Vicol, "Low-variance gradient estimation in
/// unrolled computation graphs with ES-Single", ICML 2023, algorithm 1: g = Σ over the window's trajectories of
/// Δ ε / (2 sigma²), ε that of the trajectory.
/// </remarks>
public sealed class NoiseReuseES<T>(NoiseReuseESOptions? options = null) : IGradientEstimator<T>
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
        var sign = new SignRule(options?.SignLossDiff, window.Segments);
        foreach (var segment in window.Segments)
        {
            ElementSums.Add(gradient, 1, window.Scale * sign.Delta(segment), window.Epsilon(segment.Noise));
        }
    }
}
