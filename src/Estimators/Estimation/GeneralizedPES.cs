using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Estimation;

/// <summary>Options of <see cref="GeneralizedPES{T}"/>.</summary>
/// <param name="Stretch">K: steps that a perturbation lasts, counted from the trajectory's true start; at least 1.</param>
/// <param name="SignLossDiff">See <c>sign-loss-diff</c>; null leaves differences as they are.</param>
public sealed record GeneralizedPESSettings(int Stretch, double? SignLossDiff = null);

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
    private readonly GeneralizedPESSettings _settings;

    /// <summary>The estimator with these options.</summary>
    public GeneralizedPES(GeneralizedPESSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Stretch, 1);
        _settings = settings;
    }

    /// <inheritdoc/>
    public string Name => "gpes";

    /// <inheritdoc/>
    public EstimatorNeeds Needs { get; } = new(ArmSet.Antithetic, Carry.Arms, Trail: true);

    /// <inheritdoc/>
    public int StepsUntilNoiseChange(int age) => _settings.Stretch - (age % _settings.Stretch);

    /// <inheritdoc/>
    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        NoiseKey.OfStretch(seed, pair, trajectory, (uint)(age / _settings.Stretch));

    /// <inheritdoc/>
    public void Fold(WindowFold<T> window, Span<double> gradient)
    {
        var sign = new SignRule(_settings.SignLossDiff, window.Segments);
        foreach (var segment in window.Segments)
        {
            Accumulate(window, segment);
            var delta = sign.Delta(segment);
            var trail = window.Trail.Sum;
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] += window.Scale * (delta * double.CreateTruncating(trail[i]));
            }
        }
    }

    // A window's border inside a stretch leaves the trail as it is: the stretch is in it already.
    private void Accumulate(WindowFold<T> window, SegmentRecord segment)
    {
        if (segment.FirstStep == 0)
        {
            window.Trail.Clear();
        }

        if (segment.FirstStep % _settings.Stretch == 0)
        {
            window.Trail.Add(window.Epsilon(segment.Noise));
        }
    }
}
