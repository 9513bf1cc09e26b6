using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Estimation;

/// <summary>One window of one pair, ready to be folded into a gradient.</summary>
public readonly ref struct WindowFold<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly INoise<T> _noise;
    private readonly Perturbation<T> _perturbation;
    private readonly int _length;

    /// <summary>Views a finished window.</summary>
    /// <param name="segments">At least one, in the order in which they ran.</param>
    /// <param name="trail">The pair's accumulated perturbation.</param>
    /// <param name="trailAction">What the window's end does to it.</param>
    /// <param name="noise">Draws perturbations.</param>
    /// <param name="perturbation">Keeps the last one; what the window's arms ran under is drawn no second time.</param>
    /// <param name="length">Theta's length.</param>
    public WindowFold(
        ReadOnlySpan<SegmentRecord> segments,
        NoiseTrail<T> trail,
        TrailAction trailAction,
        INoise<T> noise,
        Perturbation<T> perturbation,
        int length)
    {
        Segments = segments;
        Trail = trail;
        TrailAction = trailAction;
        _noise = noise;
        _perturbation = perturbation;
        _length = length;
    }

    /// <summary>The segments, in the order in which they ran.</summary>
    public ReadOnlySpan<SegmentRecord> Segments { get; }

    /// <summary>The accumulated perturbation before this window; the fold brings it up to date.</summary>
    public NoiseTrail<T> Trail { get; }

    /// <summary>What the end of the window does to the trail.</summary>
    public TrailAction TrailAction { get; }

    /// <summary>1 / (2 sigma²): the scale of an antithetic difference.</summary>
    public double Scale => 1 / (2 * _noise.Sigma * _noise.Sigma);

    /// <summary>
    /// Difference of the arms' losses on fresh batches at the trajectory's end, where the estimator asks for it.
    /// </summary>
    public double EvaluatedDelta { get; init; }

    /// <summary>
    /// Exact derivative of the unperturbed lane's window loss, as far as <see cref="TangentSpan"/> reaches.
    /// </summary>
    public LossTangents Tangents { get; init; }

    /// <summary>A perturbation; valid until the next call.</summary>
    public ReadOnlySpan<T> Epsilon(NoiseKey key) => _perturbation.Of(_noise, key, _length);
}

/// <summary>Derivative of a window's loss by theta, in two parts; empty where the estimator needs none.</summary>
public readonly ref struct LossTangents(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
{
    /// <summary>Of the losses before a reset in the window.</summary>
    public ReadOnlySpan<double> Before { get; } = before;

    /// <summary>Of the losses after it.</summary>
    public ReadOnlySpan<double> After { get; } = after;
}

/// <summary>What one segment of a finished window contributes.</summary>
/// <param name="Noise">The perturbation it ran under.</param>
/// <param name="Delta">
/// Σ of weight · (positive loss − negative loss) over the steps that count, divided by the window's divisor.
/// </param>
/// <param name="AfterReset">Whether its losses are credited to the current perturbation alone.</param>
/// <param name="FirstStep">Steps that its trajectory had behind it: 0 where a trajectory starts.</param>
/// <param name="LastDelta">weight · (positive − negative) of its last step alone; not divided.</param>
/// <param name="MinDelta">weight · (lowest positive loss − lowest negative loss); not divided.</param>
/// <param name="Share">What <paramref name="Delta"/> would be if every step's difference were 1.</param>
public readonly record struct SegmentRecord(
    NoiseKey Noise,
    double Delta,
    bool AfterReset,
    int FirstStep = 0,
    double LastDelta = 0,
    double MinDelta = 0,
    double Share = 0);
