using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>
/// When a step that does not end is worth a reminder: after one tick, then two, four, up to sixteen more.
/// </summary>
/// <remarks>A window may simply be long, and each reminder brings its answer once more.</remarks>
internal sealed class ReminderPace
{
    private const int LongestPause = 16;

    private (LearnerPhase Phase, ThetaVersion Version)? _seen;
    private int _ticks;
    private int _pause;

    /// <summary>Called once per tick.</summary>
    public bool IsDue(LearnerPhase phase, ThetaVersion version)
    {
        if (phase is not (LearnerPhase.Stepping or LearnerPhase.SavingStates) || _seen != (phase, version))
        {
            _seen = (phase, version);
            _ticks = 0;
            _pause = 1;
            return false;
        }

        if (++_ticks < _pause)
        {
            return false;
        }

        _ticks = 0;
        _pause = Math.Min(2 * _pause, LongestPause);
        return true;
    }
}
