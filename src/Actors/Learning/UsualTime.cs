namespace Involute.Actors.Learning;

/// <summary>How long something takes that is done again and again, by the last two times.</summary>
/// <param name="time">Measures.</param>
internal sealed class UsualTime(TimeProvider time)
{
    private long? _start;
    private TimeSpan? _last;
    private TimeSpan? _before;

    /// <summary>
    /// The shorter of the last two: a time that was long because a worker or the store was away is not the usual one.
    /// </summary>
    public TimeSpan Shorter => _before < _last ? _before.Value : _last ?? TimeSpan.Zero;

    /// <summary>The longer of the last two.</summary>
    public TimeSpan Longer => _before > _last ? _before.Value : _last ?? TimeSpan.Zero;

    /// <summary>It begins.</summary>
    public void Begin() => _start = time.GetTimestamp();

    /// <summary>It is done; nothing if it has not begun.</summary>
    public void End()
    {
        if (_start is { } start)
        {
            (_start, _before, _last) = (null, _last, time.GetElapsedTime(start));
        }
    }
}
