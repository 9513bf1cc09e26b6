using System.Diagnostics;
using Involute.Runs.Stores.Postgres;

namespace Involute.Hosting.Configuration;

/// <summary>Where a run's ledger and checkpoints are.</summary>
public abstract record StoreSettings
{
    private protected StoreSettings()
    {
    }

    /// <summary>A name of <see cref="KnownNames.Stores"/>.</summary>
    public abstract string Name { get; }

    internal abstract IEnumerable<Setting> Options { get; }

    internal static StoreSettings Read(BlockReader block)
    {
        var name = block.Name(KnownNames.Stores);
        StoreSettings settings = name switch
        {
            KnownNames.Sqlite => new SqliteStoreSettings(),
            KnownNames.Postgresql => new PostgresqlStoreSettings(block.Connection("connection", PostgresProblem)),
            _ => throw new UnreachableException($"the table of stores has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }

    private static string? PostgresProblem(string connection)
    {
        try
        {
            PostgresAddress.Parse(connection);
            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }
}

/// <summary>The database <c>run.db</c> in the run's folder.</summary>
public sealed record SqliteStoreSettings : StoreSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Sqlite;

    internal override IEnumerable<Setting> Options => [];
}

/// <summary>A PostgreSQL database, which many runs may share.</summary>
/// <param name="Connection">Npgsql connection string without a password.</param>
public sealed record PostgresqlStoreSettings(string Connection) : StoreSettings
{
    /// <inheritdoc/>
    public override string Name => KnownNames.Postgresql;

    internal override IEnumerable<Setting> Options => [new("connection", HoconText.Quoted(Connection))];
}
