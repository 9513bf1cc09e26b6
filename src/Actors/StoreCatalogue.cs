using Involute.Actors.Durability;
using Involute.Actors.Durability.Postgres;

namespace Involute.Actors;

/// <summary>The stores, a line each.</summary>
public static class StoreCatalogue
{
    /// <summary>Their options records, in the order in which they are listed.</summary>
    public static IReadOnlyList<Type> Components { get; } = [typeof(SqliteStoreOptions), typeof(PostgresStoreOptions)];
}
