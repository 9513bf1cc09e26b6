using Involute.Tasks.Randomness;

namespace Involute.Estimators.Estimation;

/// <summary>What one segment of a window contributes.</summary>
/// <param name="Noise">The perturbation it ran under.</param>
/// <param name="Delta">Σ over its steps of weight · (positive loss − negative loss), already divided by the window's divisor.</param>
/// <param name="AfterReset">Whether its losses are credited to the current perturbation alone.</param>
/// <param name="FirstStep">Steps that its trajectory had behind it: 0 where a trajectory starts.</param>
/// <param name="LastDelta">weight · (positive − negative) of its last step alone.</param>
/// <param name="MinDelta">weight · (lowest positive loss − lowest negative loss).</param>
/// <param name="Share">What <paramref name="Delta"/> would be if every step's difference were 1.</param>
public readonly record struct SegmentRecord(
    NoiseKey Noise,
    double Delta,
    bool AfterReset,
    int FirstStep = 0,
    double LastDelta = 0,
    double MinDelta = 0,
    double Share = 0);
