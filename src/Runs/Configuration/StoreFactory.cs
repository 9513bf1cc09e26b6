using Involute.Runs.Folders;
using Involute.Runs.Stores;

namespace Involute.Runs.Configuration;

/// <summary>Makes the store that a configuration names.</summary>
public static class StoreFactory
{
    /// <summary>The store of a run.</summary>
    public static IRunStore Create(RunFolder folder, RunConfiguration configuration) =>
        configuration.Store.Create(folder.FullPath, new RunId(folder.RunId));

    /// <summary>
    /// The store of a run, if it is one that holds other runs too; null if it is in the run's own folder.
    /// </summary>
    public static IRunStore? Shared(RunConfiguration configuration, string runId) =>
        configuration.Store.IsShared ? configuration.Store.Create(string.Empty, new RunId(runId)) : null;
}
