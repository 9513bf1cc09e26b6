namespace Involute.Actors.Learning;

/// <summary>When a checkpoint is due: every so many outer steps, or by time.</summary>
/// <remarks>
/// By time: so far apart that writing takes at most 2 % of it, by the longest that one of the last two has taken, but no
/// further than five minutes, which is what a crash costs at most. When checkpoints are cut changes no bit of theta.
/// </remarks>
/// <param name="interval">Outer steps between two checkpoints, asked each time; null to go by time.</param>
/// <param name="time">Measures.</param>
internal sealed class CheckpointPace(Func<int?> interval, TimeProvider time)
{
    /// <summary>Checkpoints by time are at least so far apart.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>Checkpoints by time are at most so far apart, and one outer step.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // Writing takes at most one part of this many.
    private const int Share = 50;

    private readonly UsualTime _save = new(time);
    private long _last = time.GetTimestamp();

    /// <summary>Time between two checkpoints by now.</summary>
    public TimeSpan Pause => PauseFor(_save.Longer);

    /// <summary>What writing one usually takes.</summary>
    public TimeSpan Usual => _save.Shorter;

    /// <summary>Time between two checkpoints that take so long each.</summary>
    public static TimeSpan PauseFor(TimeSpan cost)
    {
        var wanted = Share * cost;
        return wanted < Shortest ? Shortest : wanted > Longest ? Longest : wanted;
    }

    /// <summary>Whether a step ends with a checkpoint.</summary>
    public bool IsDue(long step) =>
        interval() is { } steps ? step % steps == 0 : time.GetElapsedTime(_last) >= Pause;

    /// <summary>A checkpoint is given to the store.</summary>
    public void Begun()
    {
        _last = time.GetTimestamp();
        _save.Begin();
    }

    /// <summary>It is on disk, or has failed.</summary>
    public void Done() => _save.End();
}
