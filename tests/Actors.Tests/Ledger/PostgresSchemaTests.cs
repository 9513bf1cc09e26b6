using System.Data.Common;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class PostgresSchemaTests
{
    private const string Columns = """
        SELECT table_name || '.' || column_name || ' ' || data_type || coalesce(character_maximum_length::text, '')
          || ' ' || is_nullable || ' ' || coalesce(column_default, identity_generation, '')
        FROM information_schema.columns
        WHERE table_schema = 'involute' AND table_name IN ('journal', 'snapshot', 'tags')
        ORDER BY table_name, ordinal_position
        """;

    private const string Keys = """
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'involute' AND tablename IN ('journal', 'snapshot', 'tags')
          AND indexdef LIKE 'CREATE UNIQUE%' ORDER BY indexdef
        """;

    [Fact]
    public async Task Its_tables_are_those_that_the_plugin_would_make()
    {
        await using var ours = await PostgresDatabase.CreateAsync();
        await using var theirs = await PostgresDatabase.CreateAsync();
        Store(ours).Prepare();
        await InitializeByPlugin(theirs);

        Assert.Equal(Read(theirs, Columns), Read(ours, Columns));
        Assert.Equal(Read(theirs, Keys), Read(ours, Keys));
    }

    [Fact]
    public async Task Many_can_prepare_it_at_once()
    {
        await using var database = await PostgresDatabase.CreateAsync();

        await Parallel.ForAsync(
            0, 8, TestContext.Current.CancellationToken, (_, _) =>
            {
                Store(database).Prepare();
                return ValueTask.CompletedTask;
            });

        Assert.Equal(0, Store(database).LastEvent());
        Assert.Equal(0, Store(database).Read().LastStep);
    }

    [Fact]
    public async Task Reading_makes_no_tables()
    {
        await using var database = await PostgresDatabase.CreateAsync();

        Assert.Equal(0, Store(database).Read().LastStep);
        Assert.Null(Store(database).Claimant());

        Assert.Empty(Read(database, "SELECT nspname FROM pg_namespace WHERE nspname = 'involute'"));
    }

    [Fact]
    public async Task Runs_share_a_database_and_see_nothing_of_each_other()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await RunningLedger.Written(Store(database), 7, 3, 5);
        var other = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("rum"));
        IRunStore like = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("r_n"));

        Assert.Equal(0, like.LastEvent());
        await using (var ledger = new RunningLedger(other))
        {
            Assert.Equal(1, (await ledger.Recover()).Epoch);
        }

        Assert.Equal(0, other.Read().LastStep);
        Assert.Equal([3, 5], Store(database).Read().CheckpointSteps);
    }

    private static IRunStore Store(PostgresDatabase database) =>
        new PostgresRunStore(PostgresAddress.Parse(database.Connection), Sample.Run);

    private static List<string> Read(PostgresDatabase database, string sql)
    {
        using DbConnection connection = database.Open();
        return connection.Column<string>(sql);
    }

    private static async Task InitializeByPlugin(PostgresDatabase database)
    {
        using (DbConnection connection = database.Open())
        {
            connection.Execute("CREATE SCHEMA involute");
        }

        await SqlPlugin.ReadAsync(Store(database));
        NpgsqlConnection.ClearAllPools();
    }
}
