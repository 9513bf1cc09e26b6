using System.Globalization;
using Npgsql;
using Xunit;

namespace Involute.Tests;

/// <summary>An empty database of one test on the server that <c>scripts/with-postgres</c> has started.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const string Variable = "INVOLUTE_TEST_POSTGRES";

    private static int _count;

    private readonly string _server;
    private readonly string _name;

    private PostgresDatabase(string server, string name)
    {
        _server = server;
        _name = name;
        Connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    /// <summary>Connection string without a password, which is in PGPASSWORD.</summary>
    public string Connection { get; }

    /// <summary>Creates the database; skips the test where there is no server.</summary>
    /// <param name="server">Connection string of another server than the common one.</param>
    public static async Task<PostgresDatabase> CreateAsync(string? server = null)
    {
        server ??= Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(server),
            $"no PostgreSQL server: {Variable} is not set (scripts/with-postgres dotnet test sets it)");
        var number = Interlocked.Increment(ref _count);
        var name = string.Create(CultureInfo.InvariantCulture, $"involute_test_{Environment.ProcessId}_{number}");
        var database = new PostgresDatabase(server!, name);
        await database.OnServerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await database.OnServerAsync($"CREATE DATABASE {name}");
        return database;
    }

    public NpgsqlConnection Open()
    {
        var settings = new NpgsqlConnectionStringBuilder(Connection) { SearchPath = "involute", Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync() => await OnServerAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private async Task OnServerAsync(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(_server) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
