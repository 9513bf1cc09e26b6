using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>
/// Trajectories that are never reset: an infinite horizon, written as <see cref="int.MaxValue"/>, which no run reaches.
/// </summary>
/// <remarks>
/// A pair that did reach step 2³¹ − 1 would start a new trajectory. Estimators that run whole trajectories (FullES,
/// FullGrad) refuse it. With equal horizons <c>trajectory-mean</c> weighs every step by 1, so it may be used.
/// </remarks>
public sealed class NeverEndingSchedule : ITruncationSchedule
{
    /// <summary>Stands for an infinite horizon.</summary>
    public const int Infinite = int.MaxValue;

    /// <inheritdoc/>
    public string Name => "never-ending";

    /// <inheritdoc/>
    public double MeanHorizon => Infinite;

    /// <inheritdoc/>
    public int Horizon(TrajectoryKey trajectory) => Infinite;
}
