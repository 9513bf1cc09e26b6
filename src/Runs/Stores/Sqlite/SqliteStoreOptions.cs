using Involute.Tasks.Components;

namespace Involute.Runs.Stores.Sqlite;

/// <summary>Options of <see cref="SqliteRunStore"/>, which has none.</summary>
[Component("sqlite", "the file run.db in the run's folder; nothing to install")]
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    /// <remarks>SQLITE_MAX_LENGTH, which counts the whole row.</remarks>
    public override long MostCheckpointBytes => 1_000_000_000 - 1000;

    /// <inheritdoc/>
    public override IRunStore Create(string runFolder, RunId runId) => new SqliteRunStore(runFolder, runId);
}
