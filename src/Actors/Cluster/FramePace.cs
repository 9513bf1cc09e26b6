namespace Involute.Actors.Cluster;

/// <summary>How many messages a connection brings in a while, of all kinds: gossip, heartbeats, ours.</summary>
/// <remarks>Used by one thread at a time, the connection's.</remarks>
/// <param name="time">Tells when a window of time is over.</param>
internal sealed class FramePace(TimeProvider time)
{
    /// <summary>
    /// At most so many in a <see cref="Window"/>: a node of 100,000 pairs that answers each of them once, twice over.
    /// </summary>
    public const int Most = 200_000;

    /// <summary>The time over which they count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private long _since = time.GetTimestamp();
    private int _count;
    private bool _isOver;

    /// <summary>What becomes of a message.</summary>
    public enum Verdict
    {
        /// <summary>It is passed on.</summary>
        Pass,

        /// <summary>The connection is ended.</summary>
        End,

        /// <summary>The connection has been ended; this was on its way.</summary>
        Drop,
    }

    /// <summary>Counts a message.</summary>
    public Verdict Take()
    {
        if (_isOver)
        {
            return Verdict.Drop;
        }

        if (++_count <= Most)
        {
            return Verdict.Pass;
        }

        if (time.GetElapsedTime(_since) >= Window)
        {
            (_since, _count) = (time.GetTimestamp(), 0);
            return Verdict.Pass;
        }

        _isOver = true;
        return Verdict.End;
    }
}
