using Involute.Runs.Claims;
using Involute.Runs.Folders;
using Involute.Runs.Stores;

namespace Involute.Runs.Opening;

/// <summary>Deletes a run: what its store has of it, then its folder. Its name is free afterwards.</summary>
internal static class RunRemoval
{
    /// <summary>Deletes it.</summary>
    /// <param name="folder">Its folder; null if only a store has it.</param>
    /// <param name="store">A store that holds other runs too; null if the store is in the folder.</param>
    /// <param name="time">For pauses while the run is claimed.</param>
    /// <param name="cancellation">Gives up before anything is deleted.</param>
    /// <exception cref="RunClaimedException">A learner trains it.</exception>
    /// <exception cref="IOException">It cannot be deleted; one line.</exception>
    public static async Task RemoveAsync(
        RunFolder? folder, IRunStore? store, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            using var folderClaim = folder is null
                ? null
                : await FolderClaim.ClaimAsync(folder.FullPath, time, cancellation).ConfigureAwait(false);

            // The claim keeps a learner elsewhere away until nothing is left.
            await using var claim = store is null
                ? null
                : await store.ClaimAsync(time, cancellation).ConfigureAwait(false);
            Remove(folder, store);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(
                $"cannot delete {folder?.FullPath}: {refused.Message}; allowed: a folder that this user may write", refused);
        }
    }

    /// <summary>The same of a run that this process has claimed.</summary>
    /// <param name="folder">Its folder; null if only a store has it.</param>
    /// <param name="store">A store that holds other runs too; null if the store is in the folder.</param>
    public static void Remove(RunFolder? folder, IRunStore? store)
    {
        store?.DeleteRun();
        if (folder is not null)
        {
            Delete(folder);
        }
    }

    // The configuration last: with it, the same command can be given again if something cannot be deleted.
    private static void Delete(RunFolder folder)
    {
        foreach (var entry in new DirectoryInfo(folder.FullPath).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                inner.Delete(recursive: true);
            }
            else if (entry.FullName != folder.Configuration)
            {
                entry.Delete();
            }
        }

        Directory.Delete(folder.FullPath, recursive: true);
    }
}
