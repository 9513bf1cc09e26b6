using System.Data.Common;
using Npgsql;

namespace Involute.Actors.Durability.Postgres;

/// <summary>
/// Holds a run by a session of its own. When the session ends against our will (the server restarts, the network breaks) it
/// is begun anew; if another learner has been quicker, the run is lost.
/// </summary>
/// <remarks>
/// Meanwhile the ledger is safe without it: its epochs let only the newest learner write.
/// </remarks>
internal sealed class PostgresHold : IStoreHold
{
    // The server takes a moment to notice that a process has been killed.
    private static readonly Backoff Patience = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), 10);

    // For as long as the server is away the ledger decides what becomes of the run.
    private static readonly Backoff Return = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), int.MaxValue);

    private readonly string _connectionString;
    private readonly RunId _runId;
    private readonly string _place;
    private readonly RunHolder _self;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();

    private readonly TaskCompletionSource<RunHeldException> _lost =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task _watch = Task.CompletedTask;

    private PostgresHold(PostgresAddress address, RunId runId, string place, TimeProvider time)
    {
        _connectionString = address.ForSession(runId);
        _runId = runId;
        _place = place;
        _time = time;
        _self = RunHolder.Current(time);
    }

    /// <inheritdoc/>
    public Task<RunHeldException> Lost => _lost.Task;

    /// <summary>Takes the run; the tables must be there.</summary>
    /// <exception cref="RunHeldException">Another learner has it.</exception>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public static async Task<PostgresHold> AcquireAsync(
        PostgresAddress address, RunId runId, string place, TimeProvider time, CancellationToken cancellation)
    {
        var hold = new PostgresHold(address, runId, place, time);
        for (var attempt = 1; ; attempt++)
        {
            var (session, holder) = await hold.FirstSessionAsync(cancellation).ConfigureAwait(false);
            if (session is not null)
            {
                hold._watch = hold.WatchAsync(session);
                return hold;
            }

            if (Patience.Before(attempt) is not { } pause)
            {
                throw new RunHeldException(place, holder?.ToString() ?? "unknown");
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task<(NpgsqlConnection? Session, RunHolder? Holder)> FirstSessionAsync(CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is DbException or TimeoutException)
        {
            throw new StoreUnreachableException($"{_place}: {StoreFault.Of(cause).Reason}", cause);
        }
    }

    private async Task WatchAsync(NpgsqlConnection first)
    {
        try
        {
            for (var session = first; session is not null;)
            {
                await using (session.ConfigureAwait(false))
                {
                    await BrokenAsync(session).ConfigureAwait(false);
                }

                session = await ReturnAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The run has ended; closing the session has freed it.
        }
    }

    // Nothing is listened for: this waits until the connection breaks.
    private async Task BrokenAsync(NpgsqlConnection session)
    {
        try
        {
            while (true)
            {
                await session.WaitAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is DbException or IOException or TimeoutException)
        {
            // A new session is all that can be done about it, whatever it was.
        }
    }

    private async Task<NpgsqlConnection?> ReturnAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (session, holder) = await TakeAsync(_end.Token).ConfigureAwait(false);
                if (session is not null)
                {
                    return session;
                }

                // Our own session may live on at the server for a while after the connection to it has broken.
                if (holder is not null && holder != _self)
                {
                    _lost.TrySetResult(new RunHeldException(_place, holder.ToString()));
                    return null;
                }
            }
            catch (Exception away) when (away is DbException or IOException or TimeoutException)
            {
                // The store is away; the ledger tells the learner, which waits too.
            }

            await Task.Delay(Return.Before(attempt)!.Value, _time, _end.Token).ConfigureAwait(false);
        }
    }

    private async Task<(NpgsqlConnection? Session, RunHolder? Holder)> TakeAsync(CancellationToken cancellation)
    {
        var session = new NpgsqlConnection(_connectionString);
        try
        {
            await session.OpenAsync(cancellation).ConfigureAwait(false);
            if (await RunClaim.TryTakeAsync(session, _runId, _self, cancellation).ConfigureAwait(false))
            {
                return (session, null);
            }

            var holder = RunClaim.Holder(session, _runId);
            await session.DisposeAsync().ConfigureAwait(false);
            return (null, holder);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
