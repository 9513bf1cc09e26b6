using Involute.Actors.Cluster;

namespace Involute.Actors.Durability;

/// <summary>
/// The right to be a run's learner: the lock of its folder, for this machine, and what its store has for all machines.
/// </summary>
public sealed class RunHold : ITakenRun
{
    private readonly RunLock _folder;
    private readonly IStoreHold _store;

    private RunHold(RunLock folder, IStoreHold store) => (_folder, _store) = (folder, store);

    /// <summary>Completes if another learner has taken the run: this one must stop without writing.</summary>
    public Task<RunHeldException> Lost => _store.Lost;

    /// <summary>Takes the run; may be tried again for as long as another learner has it.</summary>
    /// <param name="runFolder">An existing folder.</param>
    /// <param name="store">The run's store; its tables are made if there are none.</param>
    /// <param name="time">For pauses, and for the line about the holder.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RunHeldException">Another learner has it.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or holds something else than this run.</exception>
    /// <exception cref="IOException">The folder or the store cannot be used now.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task<RunHold> AcquireAsync(
        string runFolder, IRunStore store, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = RunLock.Acquire(runFolder, time);
        try
        {
            return new RunHold(folder, await store.HoldAsync(time, cancellation).ConfigureAwait(false));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a learner, here or elsewhere, holds the run now.</summary>
    public static bool IsHeld(string runFolder, IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return RunLock.IsHeld(runFolder) || store.Holder() is not null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }
}
