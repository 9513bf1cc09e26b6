using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Involute.Runs.Stores;

/// <summary>How the one writer of a run's ledger and checkpoints reaches their database.</summary>
/// <param name="Database">Whose driver it is for.</param>
/// <param name="ConnectionString">Of that driver; may name a password file, never a password.</param>
/// <param name="CallTimeoutSeconds">An operation that takes longer has failed; longer than the driver waits.</param>
public sealed record StoreConnection(StoreDatabase Database, string ConnectionString, int CallTimeoutSeconds)
{
    /// <summary>An open connection.</summary>
    internal DbConnection Open()
    {
        DbConnection connection = Database switch
        {
            StoreDatabase.Sqlite => new SqliteConnection(ConnectionString),
            StoreDatabase.Postgres => new NpgsqlConnection(ConnectionString),
            _ => throw new InvalidOperationException($"unknown database {Database}"),
        };
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>The databases that a run can be stored in.</summary>
public enum StoreDatabase
{
    /// <summary>SQLite, through Microsoft.Data.Sqlite.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or newer, through Npgsql.</summary>
    Postgres,
}
