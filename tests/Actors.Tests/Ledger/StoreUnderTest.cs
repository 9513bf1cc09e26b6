using System.Data.Common;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>An empty store of either kind, and what another program might do to it.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private const string Sqlite = "sqlite";
    private const string Postgresql = "postgresql";

    private readonly TemporaryFolder? _folder;
    private readonly PostgresDatabase? _database;

    private StoreUnderTest(TemporaryFolder? folder, PostgresDatabase? database) =>
        (_folder, _database) = (folder, database);

    public static TheoryData<string> Kinds => [Sqlite, Postgresql];

    /// <summary>Waits for a lock longer than a busy machine keeps one.</summary>
    public IRunStore Store => Of(Sample.Run);

    /// <summary>
    /// Waits for a lock for one second only, so that a test can see an outage. On a busy machine the ledger and the
    /// checkpoints of one run may keep each other waiting as long: not for a test that expects none.
    /// </summary>
    public IRunStore Impatient => _folder is not null
        ? new SqliteRunStore(_folder.Path, Sample.Run, lockTimeoutSeconds: 1)
        : new PostgresRunStore(
            PostgresAddress.Parse($"{_database!.Connection};Options=-c lock_timeout=1s"), Sample.Run);

    /// <summary>Skips the test where there is no server.</summary>
    public static async Task<StoreUnderTest> CreateAsync(string kind) => kind == Sqlite
        ? new StoreUnderTest(new TemporaryFolder(), null)
        : new StoreUnderTest(null, await PostgresDatabase.CreateAsync());

    public IRunStore Of(RunId run) => _folder is not null
        ? new SqliteRunStore(_folder.Path, run, RunningLedger.LockTimeoutSeconds)
        : new PostgresRunStore(PostgresAddress.Parse(_database!.Connection), run);

    public DbConnection Open() => _folder is not null ? RunFile.Open(_folder.Path) : _database!.Open();

    /// <summary>A connection that locks out all readers and writers until it is rolled back or committed.</summary>
    public DbConnection OpenAlone()
    {
        var connection = Open();
        connection.Execute(connection is NpgsqlConnection
            ? "BEGIN; LOCK TABLE journal, snapshot IN ACCESS EXCLUSIVE MODE"
            : "BEGIN EXCLUSIVE");
        return connection;
    }

    public void Change(string sql, params (string Name, object Value)[] values)
    {
        using var connection = Open();
        connection.Execute(sql, values);
    }

    public List<T> Read<T>(string sql)
    {
        using var connection = Open();
        return connection.Column<T>(sql);
    }

    public void FlipByteOfCheckpoint(int step, int index)
    {
        using var connection = Open();
        var blob = connection.Column<byte[]>($"SELECT snapshot FROM snapshot WHERE sequence_number = {step}")[0];
        blob[(index + blob.Length) % blob.Length] ^= 0x40;
        connection.Execute(
            $"UPDATE snapshot SET snapshot = @blob WHERE sequence_number = {step}", ("@blob", blob));
    }

    public async ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
