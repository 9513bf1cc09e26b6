using System.Data.Common;
using Involute.Runs.Claims;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Claims;

public sealed class PostgresClaimTests
{
    // Ends every session but our own, as a restarting server or a broken network does.
    private const string EndSessions = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """;

    // Of this database alone: tests beside this one have theirs on the same server.
    private const string Locks =
        "pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private const string Holders = $"SELECT pid FROM {Locks} AND granted";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_second_learner_is_told_who_holds_the_run_from_whichever_folder()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var here = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        await using var held = await Acquire(here, database);

        var refusal = await Assert.ThrowsAsync<RunClaimedException>(() => Acquire(elsewhere, database));

        Assert.StartsWith(
            $"pid {Environment.ProcessId} on {Environment.MachineName} since ", refusal.Claimant,
            StringComparison.Ordinal);
        Assert.StartsWith("run 'run' in PostgreSQL database", refusal.Message, StringComparison.Ordinal);
        Assert.True(RunClaim.IsClaimed(elsewhere.Path, Store(database)));
        Assert.False(FolderClaim.IsClaimed(elsewhere.Path));
        Assert.False(held.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_run_is_free_when_its_hold_is_disposed_and_others_were_all_the_time()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        using var another = new TemporaryFolder();
        await using (await Acquire(folder, database))
        {
            Assert.True(RunClaim.IsClaimed(folder.Path, Store(database)));
            await using var other = await RunClaim.ClaimAsync(
                another.Path, Store(database, "other"), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.False(RunClaim.IsClaimed(folder.Path, Store(database)));
        await using var again = await Acquire(folder, database);
    }

    [Fact]
    public async Task A_session_that_ends_is_begun_anew()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var hold = await Acquire(folder, database);
        using DbConnection admin = database.Open();
        for (var round = 0; round < 3; round++)
        {
            var before = Assert.Single(admin.Column<int>(Holders));
            Assert.True(admin.Column<long>(EndSessions)[0] > 0);

            // A session that was told to end still holds the run for a moment.
            await Until(() => admin.Column<int>(Holders) is [var now] && now != before);
        }

        Assert.False(hold.Lost.IsCompleted);
        using var elsewhere = new TemporaryFolder();
        await Assert.ThrowsAsync<RunClaimedException>(() => Acquire(elsewhere, database));
    }

    [Fact]
    public async Task Who_finds_another_in_its_place_has_lost_the_run()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var hold = await Acquire(folder, database);

        // Another learner that waits for the lock gets it before the first is back.
        await using var other = database.Open();
        await using (var line = other.CreateCommand())
        {
            line.CommandText = "UPDATE holder SET process = 1, host = 'elsewhere'";
            await line.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using DbConnection admin = database.Open();
        var key = admin.Column<long>($"SELECT (classid::bigint << 32) | objid::bigint FROM {Locks}")[0];
        await using var take = other.CreateCommand();
        take.CommandText = $"SELECT pg_advisory_lock({key})";
        var taken = take.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await Until(() => admin.Column<long>($"SELECT count(*) FROM {Locks} AND NOT granted")[0] == 1);
        admin.Column<bool>($"SELECT pg_terminate_backend(pid) FROM {Locks} AND granted");
        await taken;

        var lost = await hold.Lost.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.StartsWith("pid 1 on elsewhere since ", lost.Claimant, StringComparison.Ordinal);
    }

    private static PostgresRunStore Store(PostgresDatabase database, string run = "run") =>
        new(PostgresAddress.Parse(database.Connection), new RunId(run));

    private static Task<RunClaim> Acquire(TemporaryFolder folder, PostgresDatabase database) => RunClaim.ClaimAsync(
        folder.Path, Store(database), TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
