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

    /// <summary>Executes statements in the database.</summary>
    public Task ExecuteAsync(string sql) => OnServerAsync(sql, Connection);

    /// <summary>A role without rights, with the password of PGPASSWORD; it and what it owns here goes in the end.</summary>
    public async Task<PostgresRole> CreateRoleAsync()
    {
        var role = new PostgresRole(this, $"{_name}_role");
        await role.DropAsync();
        await ExecuteAsync(
            $"CREATE ROLE {role.Name} LOGIN PASSWORD '{Environment.GetEnvironmentVariable("PGPASSWORD")}'; "
                + $"REVOKE ALL ON DATABASE {_name} FROM PUBLIC; GRANT CONNECT ON DATABASE {_name} TO {role.Name}");
        return role;
    }

    /// <summary>A copy of the database as it is now, such as a standby's or one in a backup; ends its sessions.</summary>
    public async Task<PostgresDatabase> CopyAsync()
    {
        var copy = new PostgresDatabase(_server, $"{_name}_copy");
        await OnServerAsync($"DROP DATABASE IF EXISTS {copy._name} WITH (FORCE)");
        await CloseAsync();
        await OnServerAsync($"CREATE DATABASE {copy._name} TEMPLATE {_name}");
        await OnServerAsync($"ALTER DATABASE {_name} ALLOW_CONNECTIONS true");
        return copy;
    }

    /// <summary>
    /// Puts a copy in the place of the database, as a server's failover or a proxy that is switched does: sessions end, and
    /// who connects again meets the copy.
    /// </summary>
    public async Task ReplaceByAsync(PostgresDatabase copy)
    {
        await CloseAsync();
        await OnServerAsync($"ALTER DATABASE {_name} RENAME TO {_name}_ahead");
        await OnServerAsync($"ALTER DATABASE {copy._name} RENAME TO {_name}");
        await OnServerAsync($"DROP DATABASE {_name}_ahead");
    }

    private async Task CloseAsync()
    {
        await OnServerAsync($"ALTER DATABASE {_name} ALLOW_CONNECTIONS false");
        await OnServerAsync($"""
            DO $$ BEGIN
              LOOP
                PERFORM pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{_name}';
                PERFORM pg_stat_clear_snapshot();
                EXIT WHEN NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = '{_name}');
              END LOOP;
            END $$
            """);
    }

    public async ValueTask DisposeAsync() => await OnServerAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private Task OnServerAsync(string sql) => OnServerAsync(sql, _server);

    private static async Task OnServerAsync(string sql, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A role of one test.</summary>
internal sealed class PostgresRole(PostgresDatabase database, string name) : IAsyncDisposable
{
    public string Name => name;

    public string Connection { get; } =
        new NpgsqlConnectionStringBuilder(database.Connection) { Username = name }.ConnectionString;

    public async ValueTask DisposeAsync() => await DropAsync();

    public Task DropAsync() => database.ExecuteAsync(
        $"DO $$ BEGIN IF to_regrole('{name}') IS NOT NULL THEN DROP OWNED BY {name} CASCADE; DROP ROLE {name}; END IF; END $$");
}
