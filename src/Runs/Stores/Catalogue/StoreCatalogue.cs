using Involute.Runs.Stores.Postgres;
using Involute.Runs.Stores.Sqlite;

namespace Involute.Runs.Stores.Catalogue;

/// <summary>The stores, a line each.</summary>
public static class StoreCatalogue
{
    /// <summary>Their options records, in the order in which they are listed.</summary>
    public static IReadOnlyList<Type> Components { get; } = [typeof(SqliteStoreOptions), typeof(PostgresStoreOptions)];
}
