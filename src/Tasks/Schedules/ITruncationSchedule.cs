using Involute.Tasks.Randomness;

namespace Involute.Tasks.Schedules;

/// <summary>Draws how many inner steps a trajectory lasts before it is reset.</summary>
public interface ITruncationSchedule
{
    /// <summary>Short name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Expectation of the horizon, for the normalisation <c>trajectory-mean</c>.</summary>
    double MeanHorizon { get; }

    /// <summary>Horizon of a trajectory, at least 1; a function of the key alone.</summary>
    int Horizon(TrajectoryKey trajectory);

    /// <summary>Expectation of the horizons of trajectories that start in an outer step.</summary>
    double MeanHorizonAt(long outerStep) => MeanHorizon;

    /// <summary>
    /// Shortest and longest horizon of the trajectories that start in the first outer steps; null if that is not known, or if they
    /// never end.
    /// </summary>
    /// <param name="outerSteps">How many outer steps, at least 1.</param>
    HorizonRange? Range(long outerSteps) => null;

    /// <summary>
    /// A number that no horizon of the trajectories that start in an outer step exceeds; null if there is none, or it is not
    /// known. A stationary offset needs it.
    /// </summary>
    int? LongestHorizonAt(long outerStep) => Range(outerStep + 1)?.Longest;

    /// <summary>Horizon of a trajectory whose first step runs in an outer step; a function of both alone.</summary>
    int HorizonAt(TrajectoryKey trajectory, long outerStep) => Horizon(trajectory);
}
