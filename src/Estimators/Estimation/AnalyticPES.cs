using System.Numerics;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="AnalyticPES{T}"/>, which has none.</summary>
[Component(
    "persistent-es-analytic", "persistent-es whose window's own part is exact: only past perturbations are estimated",
    Aliases = ["pes-analytic"],
    Source = "Vicol, Metz, Sohl-Dickstein, PES, ICML 2021, PES+Analytic")]
public sealed record AnalyticPESOptions : EstimatorOptions
{
    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new AnalyticPES<T>();
}

/// <summary>
/// Persistent evolution strategies with an analytic part: what a window's own perturbation does to its loss is replaced
/// by the exact derivative of an unperturbed lane, so that only the influence of past perturbations is estimated.
/// </summary>
/// <remarks>
/// Vicol, Metz, Sohl-Dickstein, PES, ICML 2021 (PES+Analytic). With p the derivative of the unperturbed
/// lane's window loss, its first state taken as a constant, and ξ the accumulator before ε is added:
/// g = (Δ_before − 2 ε·p_before) ξ / (2 sigma²) + p_before + p_after. Where a trajectory is one window, ξ = 0 and g is
/// the exact gradient.
/// </remarks>
public sealed class AnalyticPES<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "persistent-es-analytic";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } =
        new(ArmSet.AntitheticAndCentre, Carry.Arms, Trail: true, Tangents: TangentSpan.Window);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => int.MaxValue;

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfWindow(seed, pair, window);

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var before = 0.0;
        foreach (var segment in window.Segments)
        {
            before += segment.AfterReset ? 0 : segment.Delta;
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise);
        var slope = window.Tangents.Before;
        for (var i = 0; i < gradient.Length; i++)
        {
            before -= 2 * double.CreateTruncating(epsilon[i]) * slope[i];
        }

        var trail = window.Trail.Sum;
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] += (window.Scale * before * double.CreateTruncating(trail[i]))
                + slope[i] + window.Tangents.After[i];
        }

        window.Trail.Add(epsilon);
        window.Trail.Settle(window.TrailAction, epsilon);
    }
}
