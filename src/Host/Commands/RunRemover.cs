using Involute.Host.Errors;
using Involute.Host.Listing;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Runs.Stores;

namespace Involute.Host.Commands;

/// <summary>Deletes runs after a question.</summary>
internal static class RunRemover
{
    /// <summary>Deletes runs that are listed.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="shared">The store of those that have no folder here.</param>
    /// <param name="yes">Whether there is no question.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunClaimedException">A learner trains one of them: none was deleted.</exception>
    public static async Task<int> RemoveAsync(IReadOnlyList<ListedRun> runs, StoreOptions shared, bool yes)
    {
        var doomed = runs.Select(run => Of(run, shared)).ToList();

        // All or none: a run that is being trained is found before the question.
        foreach (var (_, folder, store) in doomed)
        {
            RequireFree(folder, store);
        }

        if (!yes && !IsWanted(doomed.Select(one => one.Run).ToList()))
        {
            CommandErrors.Print("nothing was deleted; --yes deletes without a question");
            return ExitCode.CheckFailed;
        }

        foreach (var (run, folder, store) in doomed)
        {
            await RunRemoval.RemoveAsync(folder, store, TimeProvider.System, CancellationToken.None);
            Console.WriteLine($"deleted run {run.Run}");
        }

        return ExitCode.Ok;
    }

    private static (ListedRun Run, RunFolder? Folder, IRunStore? Store) Of(ListedRun run, StoreOptions shared)
    {
        if (run.Folder is null)
        {
            return (run, null, shared.Create("", new RunId(run.Run)));
        }

        // Without its settings it is unknown whether a database has the run too.
        var folder = RunFolder.Open("", run.Folder);
        var store = RunOutline.Read(folder.Configuration).Store ?? throw new CommandException(
            ExitCode.Configuration, $"run {run.Run}: its store is a plugin's; allowed: to delete the folder {run.Folder} by hand");
        return (run, folder, store.IsShared ? store.Create(folder.FullPath, new RunId(folder.RunId)) : null);
    }

    private static void RequireFree(RunFolder? folder, IRunStore? store)
    {
        if (folder is not null && FolderClaim.IsClaimed(folder.FullPath))
        {
            throw new RunClaimedException(folder.FullPath, FolderClaim.Claimant(folder.FullPath));
        }

        if (store?.Claimant() is { } claimant)
        {
            throw new RunClaimedException(store.Place, claimant);
        }
    }

    private static bool IsWanted(List<ListedRun> runs)
    {
        foreach (var run in runs)
        {
            Console.WriteLine(
                $"{run.Run}: {run.Status}, {run.OuterStep} outer steps, in {run.Folder ?? run.Where}"
                + (run.Folder is not null && run.Where != "folder" ? $" and {run.Where}" : ""));
        }

        Console.Write($"delete {(runs.Count == 1 ? "this run" : $"these {runs.Count} runs")} for ever? [y/N] ");
        var answer = Console.In.ReadLine();
        if (answer is null)
        {
            Console.WriteLine();
        }

        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
