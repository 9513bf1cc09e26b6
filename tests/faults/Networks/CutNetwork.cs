namespace Involute.Faults.Networks;

/// <summary>
/// Processes that reach each other only through relays of ours, so that one of them can be cut off from all others, in
/// both directions, and be let in again.
/// </summary>
/// <remarks>
/// As in a cut network no byte is lost and none arrives: TCP would send it again and again, the relay keeps it.
/// Different from it, who dials through a cut gets a connection, on which nothing happens.
/// </remarks>
internal sealed class CutNetwork(CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<Relay> _relays = [];
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private volatile Cable? _cut;
    private int _held;

    /// <summary>How often something has had to wait at the cut.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>A place for one process.</summary>
    public Relay Add()
    {
        var relay = new Relay(this, _end.Token);
        _relays.Add(relay);
        return relay;
    }

    /// <summary>Nothing goes to or from a process from now on.</summary>
    public void Cut(Relay relay) => _cut = new Cable(relay);

    /// <summary>Everything goes on.</summary>
    public void Heal()
    {
        var cut = _cut;
        _cut = null;
        cut?.Healed.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        _end.Dispose();
    }

    /// <summary>The place of the process that has dialled from a port; null if it is none of ours.</summary>
    internal Relay? Caller(int port) =>
        _relays.Find(relay => relay.Process?.ProcessId is { } id && SocketOwner.Owns(id, port));

    /// <summary>Waits while there is a cut between two places.</summary>
    internal async Task PassAsync(Relay? from, Relay to)
    {
        while (_cut is { } cut && (cut.Relay == from || cut.Relay == to))
        {
            Interlocked.Increment(ref _held);
            await cut.Healed.Task.WaitAsync(_end.Token);
        }
    }

    private sealed record Cable(Relay Relay)
    {
        public TaskCompletionSource Healed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
