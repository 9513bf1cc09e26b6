using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;

namespace Involute.Estimators.Pairs;

/// <summary>Where a pair stands: in which window, in which trajectory, how far in it.</summary>
/// <param name="Window">Windows that the pair has run.</param>
/// <param name="Trajectory">Trajectories that it has finished.</param>
/// <param name="Start">Where the step counter of the current trajectory started: 0 but for the first.</param>
/// <param name="Age">Training steps that the current trajectory has had.</param>
/// <param name="Horizon">Where its step counter ends.</param>
/// <param name="UnderWay">Whether its initial state has been made.</param>
/// <param name="ResetPending">Upstream contract only: it has ended, and the next step is spent on the reset.</param>
public readonly record struct TruncationCursor(
    uint Window, uint Trajectory, int Start, int Age, int Horizon, bool UnderWay, bool ResetPending)
{
    /// <summary>The step counter that the schedule sees.</summary>
    public int InnerStep => Start + Age;

    /// <summary>
    /// Training steps until the horizon. A first trajectory that starts behind its horizon has one step.
    /// </summary>
    public int StepsLeft => Math.Max(1, Horizon - Start) - Age;

    /// <summary>Whether the current trajectory has had its last training step.</summary>
    public bool AtHorizon => StepsLeft <= 0;

    /// <summary>A pair before its first window.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="offset">
    /// The step counter starts uniformly in [0, this); <see cref="StationaryStart.Offset"/> for where a pair stands after a
    /// long time.
    /// </param>
    /// <param name="schedule">Horizons of trajectories.</param>
    /// <param name="reset">A reset that takes a step is one of the places at which a pair may stand.</param>
    /// <param name="outerStep">The outer step of the first window.</param>
    public static TruncationCursor Initial(
        long seed, int pair, int offset, ITruncationSchedule schedule,
        ResetContract reset = ResetContract.Exact, long outerStep = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var key = new TrajectoryKey(seed, pair, 0);
        if (offset == StationaryStart.Offset)
        {
            var at = StationaryStart.Draw(key, schedule, outerStep, reset == ResetContract.Upstream ? 1 : 0);
            return new TruncationCursor(0, 0, at.Step, 0, at.Horizon, UnderWay: false, ResetPending: at.Step == at.Horizon);
        }

        var start = offset > 0 ? key.Stream(RandomStream.InitialOffset).Integer(0, offset) : 0;
        return new TruncationCursor(0, 0, start, 0, schedule.HorizonAt(key, outerStep), UnderWay: false, ResetPending: false);
    }

    /// <summary>After training steps that do not reach the horizon, or just reach it.</summary>
    public TruncationCursor Advance(int steps) => this with { Age = Age + steps, UnderWay = true };

    /// <summary>At the start of the next trajectory, as an outer step would run it.</summary>
    public TruncationCursor NextTrajectory(long seed, int pair, ITruncationSchedule schedule, long outerStep = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var trajectory = checked(Trajectory + 1);
        var horizon = schedule.HorizonAt(new TrajectoryKey(seed, pair, trajectory), outerStep);
        return new TruncationCursor(Window, trajectory, 0, 0, horizon, false, false);
    }

    /// <summary>
    /// Before a window of an outer step: a trajectory that has not started has the horizon of the outer step that it
    /// starts in. Changes nothing with schedules that do not depend on the outer step.
    /// </summary>
    public TruncationCursor AtOuterStep(
        long seed, int pair, int offset, ITruncationSchedule schedule,
        ResetContract reset = ResetContract.Exact, long outerStep = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return UnderWay ? this
            : Trajectory == 0 ? Initial(seed, pair, offset, schedule, reset, outerStep) with { Window = Window }
            : this with { Horizon = schedule.HorizonAt(new TrajectoryKey(seed, pair, Trajectory), outerStep) };
    }
}
