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

    /// <summary>Horizon of a trajectory whose first step runs in an outer step; a function of both alone.</summary>
    int HorizonAt(TrajectoryKey trajectory, long outerStep) => Horizon(trajectory);
}
