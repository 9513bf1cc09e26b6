using Involute.Tasks.Components;

namespace Involute.Runs.Stores.Sqlite;

/// <summary>Options of <see cref="SqliteRunStore"/>, which has none.</summary>
[Component("sqlite", "the file run.db in the run's folder; nothing to install")]
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override IRunStore Create(string runFolder, RunId runId) => new SqliteRunStore(runFolder, runId);
}
