namespace Involute.Commands;

/// <summary>A rate that all clients of a console share, so that their number does not decide what they cost a run.</summary>
/// <remarks>Turns are given in the order in which they are asked for, at times that lie evenly.</remarks>
/// <param name="perSecond">Turns in a second, on average.</param>
/// <param name="burst">Turns that may be taken at once after a rest.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedPace(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly TimeSpan _turn = TimeSpan.FromSeconds(1.0 / perSecond);

    // The turns taken so far fill the time up to here.
    private TimeSpan _taken = TimeSpan.FromSeconds((double)-burst / perSecond);

    /// <summary>Takes the next turn.</summary>
    /// <returns>How long the caller has to wait for it.</returns>
    public TimeSpan Take()
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            var rested = now - (burst * _turn);
            _taken = (_taken > rested ? _taken : rested) + _turn;
            return _taken > now ? _taken - now : TimeSpan.Zero;
        }
    }
}
