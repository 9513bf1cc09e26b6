using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Stores;

namespace Involute.Host.Listing;

/// <summary>A run of a folder, or one that only a shared store has.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Folder">Its folder; null if this machine has none.</param>
/// <param name="Configuration">Its settings; null without a folder: the store does not know them.</param>
/// <param name="Store">Where its ledger and checkpoints are.</param>
/// <param name="Where">The same in a few words.</param>
internal sealed record FoundRun(
    RunId Id, RunFolder? Folder, RunConfiguration? Configuration, IRunStore Store, string Where)
{
    /// <summary>Finds a run by its name or its path.</summary>
    /// <param name="runs">Folder of all runs.</param>
    /// <param name="name">The run.</param>
    /// <param name="shared">A store that may have runs without a folder.</param>
    /// <param name="plugin">Where its plugin is, if it has moved.</param>
    /// <exception cref="IOException">There is no such run.</exception>
    public static FoundRun Find(string runs, string name, StoreOptions shared, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(shared);
        RunFolder folder;
        try
        {
            folder = RunFolder.Open(runs, name);
        }
        catch (IOException missing) when (shared.IsShared && RunName.IsValid(name))
        {
            var id = new RunId(name);
            if (!shared.ListRuns().Contains(id))
            {
                throw new IOException($"{missing.Message}; {shared.Where()} has no run of this name either", missing);
            }

            return new FoundRun(id, null, null, shared.Create("", id), shared.Where());
        }

        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        return new FoundRun(
            new RunId(folder.RunId), folder, configuration, StoreFactory.Create(folder, configuration),
            configuration.Store.Where());
    }
}
