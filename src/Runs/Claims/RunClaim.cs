namespace Involute.Runs.Claims;

/// <summary>
/// A claim of a run in full: the lock of its folder, for this machine, and what its store has for all machines.
/// </summary>
public sealed class RunClaim : IRunClaim
{
    private readonly FolderClaim _folder;
    private readonly IRunClaim _store;

    private RunClaim(FolderClaim folder, IRunClaim store) => (_folder, _store) = (folder, store);

    /// <inheritdoc/>
    public Task<RunClaimedException> Lost => _store.Lost;

    /// <summary>Throws if another learner has claimed a run now; claims nothing.</summary>
    /// <exception cref="RunClaimedException">It has.</exception>
    public static void RequireFree(string runFolder, IClaimableStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (IsClaimed(runFolder, store))
        {
            throw new RunClaimedException(runFolder, store.Claimant() ?? FolderClaim.Claimant(runFolder));
        }
    }

    /// <summary>Claims the run; may be tried again for as long as another learner has it.</summary>
    /// <param name="runFolder">An existing folder.</param>
    /// <param name="store">The run's store; its tables are made if there are none.</param>
    /// <param name="time">For pauses, and for the line about the claimant.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RunClaimedException">Another learner has claimed it.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or holds something else than this run.</exception>
    /// <exception cref="IOException">The folder or the store cannot be used now.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task<RunClaim> ClaimAsync(
        string runFolder, IClaimableStore store, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = await FolderClaim.ClaimAsync(runFolder, time, cancellation).ConfigureAwait(false);
        try
        {
            return new RunClaim(folder, await store.ClaimAsync(time, cancellation).ConfigureAwait(false));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether a learner, here or elsewhere, has claimed the run now.</summary>
    public static bool IsClaimed(string runFolder, IClaimableStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return FolderClaim.IsClaimed(runFolder) || store.Claimant() is not null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }
}
