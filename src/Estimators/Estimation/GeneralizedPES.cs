using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="GeneralizedPES{T}"/>.</summary>
[Component(
    "gpes", "between persistent-es and noise-reuse-es: a new perturbation every so many steps of a trajectory",
    Source = "Li et al., Noise-reuse in online evolution strategies, NeurIPS 2023, GPES_K")]
public sealed record GeneralizedPESOptions : EstimatorOptions
{
    /// <summary>K: steps that a perturbation lasts, counted from the trajectory's true start; at least 1.</summary>
    [Option(
        "How long a perturbation lasts, counted from the trajectory's start.", Unit = "inner steps", Least = 1,
        Most = ScheduleOptions.LongestHorizon)]
    public int Stretch { get; init; } = 100;

    /// <summary>
    /// Every step's loss difference becomes this times the sign of the window's; null leaves differences as they are.
    /// </summary>
    [Option(SignRule.Explanation, Least = 0, AboveLeast = true, Most = 1e30, Theirs = ["sign_delta_loss_scalar"])]
    public double? SignLossDiff { get; init; }

    /// <inheritdoc/>
    public override IGradientEstimator<T> Create<T>() => new GeneralizedPES<T>(this);
}

/// <summary>
/// Generalised persistent evolution strategies: a new perturbation every K steps of a trajectory, wherever windows are
/// cut. K = the window is PES, K ≥ the horizon is noise reuse. Its expectation does not depend on the window.
/// </summary>
/// <remarks>
/// Li et al., "Noise-reuse in online evolution strategies", NeurIPS 2023 (GPES_K): g = Σ over the window's
/// segments of Δ ξ / (2 sigma²), ξ the sum of the perturbations of the trajectory's stretches so far.
/// </remarks>
public sealed class GeneralizedPES<T> : IGradientEstimator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly GeneralizedPESOptions _options;

    /// <summary>The estimator with these options.</summary>
    public GeneralizedPES(GeneralizedPESOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Stretch, 1);
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "gpes";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms, Trail: true);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => _options.Stretch - (age % _options.Stretch);

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfStretch(seed, pair, trajectory, (uint)(age / _options.Stretch));

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var sign = new SignRule(_options.SignLossDiff, window.Segments);
        foreach (var segment in window.Segments)
        {
            Accumulate(window, segment);
            ElementSums.Add(gradient, window.Scale, sign.Delta(segment), window.Trail.Sum);
        }
    }

    // A window's border inside a stretch leaves the trail as it is: the stretch is in it already.
    private void Accumulate(WindowFold<T> window, SegmentRecord segment)
    {
        if (segment.FirstStep == 0)
        {
            window.Trail.Clear();
        }

        if (segment.FirstStep % _options.Stretch == 0)
        {
            window.Trail.Add(window.Epsilon(segment.Noise));
        }
    }
}
