using System.Data;
using System.Data.Common;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>A look at the database over a connection of its own; what goes wrong becomes one line.</summary>
internal static class PostgresQuery
{
    /// <summary>Opens a connection and makes something of it.</summary>
    /// <param name="connectionString">For a session of its own.</param>
    /// <param name="place">What messages call the store.</param>
    /// <param name="read">Makes it.</param>
    public static T Run<T>(string connectionString, string place, Func<NpgsqlConnection, T> read)
    {
        using var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            PostgresSchema.RequireSearchPath(connection, place);
            return read(connection);
        }
        catch (Exception cause) when (PostgresFault.IsDrivers(cause))
        {
            throw PostgresFault.Unreachable(place, cause);
        }
        catch (DbException cause)
        {
            throw connection.State != ConnectionState.Open || PostgresFault.IsRefusal(cause)
                ? PostgresFault.Unreachable(place, cause)
                : StoreFault.Translate(cause, place);
        }
    }
}
