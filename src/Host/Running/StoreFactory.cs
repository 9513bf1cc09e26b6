using System.Diagnostics;
using Involute.Hosting.Configuration;
using Involute.Hosting.Runs;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Runs.Stores.Sqlite;

namespace Involute.Hosting.Running;

/// <summary>Makes the store that a configuration names.</summary>
internal static class StoreFactory
{
    /// <summary>The store of a run.</summary>
    public static IRunStore Create(RunFolder folder, RunConfiguration configuration) =>
        Shared(configuration, folder.RunId)
        ?? new SqliteRunStore(folder.FullPath, new RunId(folder.RunId));

    /// <summary>The store of a run, if it is one that holds other runs too; null if it is in the run's own folder.</summary>
    public static IRunStore? Shared(RunConfiguration configuration, string runId) => configuration.Store switch
    {
        SqliteStoreSettings => null,
        PostgresqlStoreSettings settings => Postgres(settings, runId),
        _ => throw new UnreachableException($"no store for {configuration.Store.Name}"),
    };

    // In a method of its own, so that a run that needs no server loads nothing of its driver.
    private static PostgresRunStore Postgres(PostgresqlStoreSettings settings, string runId) =>
        new(PostgresAddress.Parse(settings.Connection), new RunId(runId));
}
