using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>
/// A trajectory as one meets it after a long time: its horizon has a probability in proportion to its length, because long
/// trajectories fill more of the time, and all places within it are equally likely.
/// </summary>
/// <remarks>
/// The stationary distribution of a renewal process; Feller, "An introduction to probability theory and its applications",
/// volume II, 1971, XI.4. One draw gives both: of all (horizon, place) with a place below the longest horizon, those whose
/// place lies behind the horizon are refused.
/// </remarks>
/// <param name="Horizon">Inner steps of the trajectory.</param>
/// <param name="Step">Its step counter, from 0; <paramref name="Horizon"/> where the next step is spent on a reset.</param>
public readonly record struct StationaryStart(int Horizon, int Step)
{
    /// <summary>Stands for <c>stationary</c> where an offset is a number: no number that comes about by a slip.</summary>
    public const int Offset = int.MinValue;

    /// <summary>Draws where a pair stands before its first window.</summary>
    /// <param name="first">The pair's first trajectory.</param>
    /// <param name="schedule">Horizons of trajectories.</param>
    /// <param name="outerStep">
    /// The outer step of the first window: of a schedule that changes, the pairs stand as if it had always been this step.
    /// </param>
    /// <param name="resetSteps">Steps that are spent on each reset: 0, or 1 in the upstream contract.</param>
    /// <exception cref="ArgumentException">The schedule has no longest horizon.</exception>
    public static StationaryStart Draw(
        TrajectoryKey first, ITruncationSchedule schedule, long outerStep = 0, int resetSteps = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var places = checked(resetSteps + (schedule.LongestHorizonAt(outerStep)
            ?? throw new ArgumentException(
                $"a stationary offset needs a longest horizon, and {schedule.Name} has none", nameof(schedule))));
        var stream = first.Stream(RandomStream.StationaryPlace);
        for (var attempt = 0u; ; attempt++)
        {
            // Horizons of trajectories that no pair reaches: no horizon that a run draws is drawn twice.
            var horizon = schedule.HorizonAt(first with { Trajectory = uint.MaxValue - attempt }, outerStep);
            var place = stream.Integer(attempt, places);
            if (place < horizon + resetSteps)
            {
                return new StationaryStart(horizon, place);
            }
        }
    }
}
