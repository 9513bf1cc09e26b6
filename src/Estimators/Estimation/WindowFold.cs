using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Estimation;

/// <summary>What one segment of a window contributes.</summary>
/// <param name="Noise">The perturbation it ran under.</param>
/// <param name="Delta">Σ over its steps of weight · (positive loss − negative loss), already divided by the window's divisor.</param>
/// <param name="AfterReset">Whether its losses are credited to the current perturbation alone.</param>
public readonly record struct SegmentRecord(NoiseKey Noise, double Delta, bool AfterReset);

/// <summary>One window of one pair, ready to be folded into a gradient.</summary>
public readonly ref struct WindowFold<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly INoise<T> _noise;
    private readonly Span<T> _epsilon;

    /// <summary>Views a finished window.</summary>
    /// <param name="segments">At least one, in the order in which they ran.</param>
    /// <param name="trail">The pair's accumulated perturbation.</param>
    /// <param name="trailAction">What the window's end does to it.</param>
    /// <param name="noise">Regenerates perturbations.</param>
    /// <param name="epsilon">Scratch of theta's length.</param>
    public WindowFold(
        ReadOnlySpan<SegmentRecord> segments,
        NoiseTrail<T> trail,
        TrailAction trailAction,
        INoise<T> noise,
        Span<T> epsilon)
    {
        Segments = segments;
        Trail = trail;
        TrailAction = trailAction;
        _noise = noise;
        _epsilon = epsilon;
    }

    /// <summary>The segments, in the order in which they ran.</summary>
    public ReadOnlySpan<SegmentRecord> Segments { get; }

    /// <summary>The accumulated perturbation before this window; the fold brings it up to date.</summary>
    public NoiseTrail<T> Trail { get; }

    /// <summary>What the end of the window does to the trail.</summary>
    public TrailAction TrailAction { get; }

    /// <summary>1 / (2 sigma²): the scale of an antithetic difference.</summary>
    public double Scale => 1 / (2 * _noise.Sigma * _noise.Sigma);

    /// <summary>Regenerates a perturbation; valid until the next call.</summary>
    public ReadOnlySpan<T> Epsilon(NoiseKey key)
    {
        _noise.Fill(key, _epsilon);
        return _epsilon;
    }
}
