using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="PersistentES{T}"/>.</summary>
[Component(
    "persistent-es", "unbiased gradients from short windows, by remembering a trajectory's perturbations",
    Aliases = ["pes"], Theirs = ["TruncatedPES", "TruncatedPESPMAP"],
    Source = "Vicol, Metz, Sohl-Dickstein, PES, ICML 2021, equation 11 and algorithm 2")]
public sealed record PersistentESOptions : EstimatorOptions
{
    /// <summary>
    /// Every step's loss difference becomes this times the sign of the window's; null leaves differences as they are.
    /// </summary>
    [Option(SignRule.Explanation, Least = 0, AboveLeast = true, Most = 1e30, Theirs = ["sign_delta_loss_scalar"])]
    public double? SignLossDiff { get; init; }

    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new PersistentES<T>(this);
}

/// <summary>
/// Persistent evolution strategies: unrolls go on from window to window, and each window's loss difference is credited
/// to the sum of all perturbations that its trajectory has run under. Unbiased for the smoothed objective, whatever the
/// window's length.
/// </summary>
/// <remarks>
/// Vicol, Metz, Sohl-Dickstein, "Unbiased gradient estimation in unrolled computation graphs with persistent evolution
/// strategies", ICML 2021, equation 11 and algorithm 2. With ε the window's perturbation and ξ' = ξ + ε:
/// g = (Δ_before ξ' + Δ_after ε) / (2 sigma²), where Δ_after sums the losses after a reset in the window.
/// </remarks>
public sealed class PersistentES<T>(PersistentESOptions? options = null) : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "persistent-es";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms, Trail: true);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var sign = new SignRule(options?.SignLossDiff, window.Segments);
        var before = 0.0;
        var after = 0.0;
        foreach (var segment in window.Segments)
        {
            if (segment.AfterReset)
            {
                after += sign.Delta(segment);
            }
            else
            {
                before += sign.Delta(segment);
            }
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        window.Trail.Add(epsilon);
        ElementSums.Add(gradient, window.Scale, before, window.Trail.Sum, after, epsilon);
        window.Trail.Settle(window.TrailAction, epsilon);
    }
}
