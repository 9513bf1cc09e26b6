namespace Involute.Faults.Networks;

/// <summary>
/// Processes that reach each other only through our relays, so that one of them can be cut off from all others, in
/// both directions, and be connected again.
/// </summary>
/// <remarks>
/// As in a cut network, no byte arrives and none is lost: TCP would retransmit it, the relay keeps it. Unlike there,
/// a process that dials through a cut gets a connection, on which nothing happens.
/// </remarks>
internal sealed class CutNetwork(CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<Relay> _relays = [];
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private volatile Cable? _cut;
    private int _held;

    /// <summary>How often something has had to wait at the cut.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Adds a relay for one process.</summary>
    public Relay Add()
    {
        var relay = new Relay(this, _end.Token);
        _relays.Add(relay);
        return relay;
    }

    /// <summary>Cuts a process off: from now on nothing reaches it or leaves it.</summary>
    public void Cut(Relay relay) => _cut = new Cable(relay);

    /// <summary>Ends the cut.</summary>
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

    /// <summary>The relay of the process that has dialled from a port; null if that process has no relay.</summary>
    internal Relay? Caller(int port) =>
        _relays.Find(relay => relay.Process?.ProcessId is { } id && SocketOwner.Owns(id, port));

    /// <summary>Waits while there is a cut between two relays.</summary>
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
