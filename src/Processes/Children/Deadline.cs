namespace Involute.Processes.Children;

/// <summary>Ends a child that takes too long: what waits for its streams then goes on.</summary>
internal sealed class Deadline : IDisposable
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Expired = 2;

    private readonly ChildTree _tree;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _begun;
    private int _state;

    /// <summary>Sets nothing yet.</summary>
    /// <param name="tree">What is killed.</param>
    /// <param name="limit">How long something may take.</param>
    /// <param name="time">Measures.</param>
    public Deadline(ChildTree tree, TimeSpan limit, TimeProvider time)
    {
        (_tree, _limit, _time) = (tree, limit, time);
        _timer = time.CreateTimer(
            static deadline => ((Deadline)deadline!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed => Volatile.Read(ref _state) == Expired;

    /// <summary>Something begins.</summary>
    public void Begin()
    {
        Volatile.Write(ref _begun, _time.GetTimestamp());
        if (Interlocked.CompareExchange(ref _state, Running, Idle) == Idle)
        {
            _timer.Change(_limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It is done, or has failed.</summary>
    public void End()
    {
        Interlocked.CompareExchange(ref _state, Idle, Running);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // A timer of the call before may be late: half of the limit cannot have passed since then.
    private void Expire()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _begun)) > _limit / 2
            && Interlocked.CompareExchange(ref _state, Expired, Running) == Running)
        {
            _tree.Kill();
        }
    }
}
