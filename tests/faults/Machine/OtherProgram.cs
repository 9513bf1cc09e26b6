using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Involute.Faults.Machine;

/// <summary>Another program that has a run's database open.</summary>
internal sealed class OtherProgram : IDisposable
{
    // As long as any lock of the run's own lasts.
    private const int PatienceSeconds = 30;

    private readonly DbConnection _connection;

    private OtherProgram(DbConnection connection, params IReadOnlyList<string> statements)
    {
        _connection = connection;
        _connection.Open();
        foreach (var statement in statements)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteScalar();
        }
    }

    /// <summary>One that is in a transaction which keeps all others from writing.</summary>
    public static OtherProgram Writing(string database) => new(Sqlite(database), "BEGIN EXCLUSIVE");

    /// <summary>One that is in a transaction in which it has read.</summary>
    public static OtherProgram Reading(string database) =>
        new(Sqlite(database), "BEGIN", "SELECT count(*) FROM journal");

    /// <summary>One that keeps all others from the tables of a PostgreSQL database.</summary>
    public static OtherProgram OnServer(string connection) => new(
        new NpgsqlConnection($"{connection};Pooling=False;Search Path=involute;Command Timeout={PatienceSeconds}"),
        "BEGIN", "LOCK TABLE journal, snapshot IN ACCESS EXCLUSIVE MODE");

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Sqlite(string database) =>
        new($"Data Source={database};Pooling=False;Default Timeout={PatienceSeconds}");
}
