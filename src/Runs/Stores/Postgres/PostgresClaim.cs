using Involute.Runs.Claims;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>
/// Claims a run by a session of its own. When the session ends against our will (the server restarts, the network
/// breaks) it is begun anew; if another learner has been quicker, the run is lost.
/// </summary>
/// <remarks>
/// Meanwhile the ledger is safe without it: its epochs let only the newest learner write.
/// </remarks>
internal sealed class PostgresClaim : IRunClaim
{
    // The server takes a moment to notice that a process has been killed.
    private static readonly Backoff Patience = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), 10);

    // For as long as the server is away the ledger decides what becomes of the run.
    private static readonly Backoff Return = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), int.MaxValue);

    private const string NeededConnections = "a learner needs 5 connections at a time";

    // Beside the claim's: for the ledger, for checkpoints, and for two looks at what was written: the server takes a moment
    // to end the session of the first.
    private const int OtherConnections = 4;

    private readonly string _connectionString;
    private readonly RunId _runId;
    private readonly string _place;
    private readonly Claimant _self;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();

    private readonly TaskCompletionSource<RunClaimedException> _lost =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task _watch = Task.CompletedTask;

    private PostgresClaim(PostgresAddress address, RunId runId, string place, TimeProvider time)
    {
        _connectionString = address.ForSession(runId);
        _runId = runId;
        _place = place;
        _time = time;
        _self = Claimant.Current(time);
    }

    /// <inheritdoc/>
    public Task<RunClaimedException> Lost => _lost.Task;

    /// <summary>Claims the run; the tables must be there.</summary>
    /// <exception cref="RunClaimedException">Another learner has claimed it.</exception>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public static async Task<PostgresClaim> ClaimAsync(
        PostgresAddress address, RunId runId, string place, TimeProvider time, CancellationToken cancellation)
    {
        var claim = new PostgresClaim(address, runId, place, time);
        for (var attempt = 1; ; attempt++)
        {
            var (session, claimant) = await claim.FirstSessionAsync(cancellation).ConfigureAwait(false);
            if (session is not null)
            {
                await claim.RequireOwnSessionAsync(session, cancellation).ConfigureAwait(false);
                claim._watch = claim.WatchAsync(session);
                return claim;
            }

            if (Patience.Before(attempt) is not { } pause)
            {
                throw new RunClaimedException(place, claimant?.ToString() ?? "unknown");
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

    private async Task<(NpgsqlConnection? Session, Claimant? Claimant)> FirstSessionAsync(
        CancellationToken cancellation)
    {
        try
        {
            return await TryClaimAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception cause) when (PostgresFault.IsServers(cause))
        {
            throw PostgresFault.Unreachable(_place, cause);
        }
    }

    // A pooler that gives each transaction another session would give the lock of ours to others. Further connections show
    // it, and that there may be as many as the run will need: better now than at the first checkpoint.
    private async Task RequireOwnSessionAsync(NpgsqlConnection session, CancellationToken cancellation)
    {
        List<NpgsqlConnection> others = [];
        try
        {
            var ours = await ProcessAsync(session, cancellation).ConfigureAwait(false);
            var isShared = false;
            while (others.Count < OtherConnections)
            {
                var other = new NpgsqlConnection(_connectionString);
                others.Add(other);
                await other.OpenAsync(cancellation).ConfigureAwait(false);
                await other.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                isShared |= await ProcessAsync(other, cancellation).ConfigureAwait(false) == ours;
            }

            if (isShared || await ProcessAsync(session, cancellation).ConfigureAwait(false) != ours)
            {
                throw new StoreUnreachableException(
                    $"{_place}: a pooler in between gives each transaction another session, and a learner claims its run by a "
                        + "session: use one in session mode, or none");
            }
        }
        catch (Exception cause)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            if (cause is StoreUnreachableException || !PostgresFault.IsServers(cause))
            {
                throw;
            }

            throw PostgresFault.Unreachable(_place, cause, NeededConnections);
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> ProcessAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
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
        catch (Exception broken) when (PostgresFault.IsServers(broken))
        {
            // A new session is all that can be done about any of these.
        }
    }

    private async Task<NpgsqlConnection?> ReturnAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (session, claimant) = await TryClaimAsync(_end.Token).ConfigureAwait(false);
                if (session is not null)
                {
                    return session;
                }

                // Our own session may live on at the server for a while after the connection to it has broken.
                if (claimant is not null && claimant != _self)
                {
                    _lost.TrySetResult(new RunClaimedException(_place, claimant.ToString()));
                    return null;
                }
            }
            catch (Exception away) when (PostgresFault.IsServers(away))
            {
                // The store is away; the ledger tells the learner, which waits too.
            }

            await Task.Delay(Return.Before(attempt)!.Value, _time, _end.Token).ConfigureAwait(false);
        }
    }

    private async Task<(NpgsqlConnection? Session, Claimant? Claimant)> TryClaimAsync(CancellationToken cancellation)
    {
        var session = new NpgsqlConnection(_connectionString);
        try
        {
            await session.OpenAsync(cancellation).ConfigureAwait(false);
            if (await ClaimSession.TryClaimAsync(session, _runId, _self, cancellation).ConfigureAwait(false))
            {
                return (session, null);
            }

            var claimant = ClaimSession.Claimant(session, _runId);
            await session.DisposeAsync().ConfigureAwait(false);
            return (null, claimant);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
