using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A stop is heard while another session locks the tables for longer than any test lasts.</summary>
[Trait("Speed", "slow")]
public sealed class PostgresLockTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_whose_tables_are_locked_can_be_stopped_and_goes_on_later()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        InvoluteOutcome ended;
        using (var run = InvoluteProcess.Start(_runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. In(database)])))
        {
            await run.LineAsync("outer step 1/");
            await using var locked = await LockAsync(database, "journal, snapshot");
            await UntilOneWaitsAsync(database);
            run.Signal(InvoluteProcess.Terminate);
            ended = await run.EndAsync();
        }

        ended.ExpectOneLine(143, "resume");
        var steps = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 100;
        (await _runs.ResumeAsync("a", $"outer-steps={steps}")).Expect(0);
        (await _runs.TrainAsync("sqlite", $"outer-steps={steps}")).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("snapshot")]
    public async Task A_start_that_waits_for_its_store_can_be_stopped(string table)
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(database)])).Expect(0);
        await using (await LockAsync(database, table))
        {
            using var start = InvoluteProcess.Start(_runs.Training("b", ["outer-steps=3", .. In(database)]));
            await UntilOneWaitsAsync(database);
            start.Signal(InvoluteProcess.Terminate);
            (await start.EndAsync()).ExpectOneLine(143, "stopped before the run was open");
        }

        // What it has left, if anything, is a run that can begin.
        var isThere = Directory.Exists(Path.Combine(_runs.Path, "b"));
        (await (isThere ? _runs.ResumeAsync("b") : _runs.TrainAsync("b", ["outer-steps=3", .. In(database)]))).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("a"), await _runs.ThetaAsync("b"));
    }

    [Fact]
    public async Task A_resume_that_waits_for_its_store_can_be_stopped()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(database)])).Expect(0);
        await using (await LockAsync(database, "journal"))
        {
            using var resume = InvoluteProcess.Start(_runs.Resuming("a", "outer-steps=5"));
            await UntilOneWaitsAsync(database);
            resume.Signal(InvoluteProcess.Terminate);
            (await resume.EndAsync()).ExpectOneLine(143, "stopped before the run was open");
        }

        (await _runs.ResumeAsync("a", "outer-steps=5")).Expect(0);
    }

    [Fact]
    public async Task A_standby_that_waits_for_its_claim_can_be_stopped()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var leader = InvoluteProcess.Start(
        [
            "learner", .. _runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. In(database)]).Skip(1),
            "--listen", "127.0.0.1:0",
        ]);
        var address = await leader.ListenedAsync();
        using var worker = InvoluteProcess.Start(["worker", "--join", address, "--threads", "1"]);
        await leader.LineAsync("outer step 1/");
        using var standby = InvoluteProcess.Start(
            ["learner", "--resume", "a", "--runs", _runs.Path, "--no-eval", "--listen", "127.0.0.1:0", "--join", address]);
        await standby.LineAsync("learner on ");
        var members = _runs.File("a", "nodes.json");
        await UntilAsync(() => Task.FromResult(
            File.ReadAllText(members).Split("\"up\"", StringSplitOptions.None).Length > 3));

        await using (await LockAsync(database, "journal"))
        {
            await leader.KillAsync();
            await UntilOneWaitsAsync(database, "client_port IS NOT NULL AND query NOT LIKE 'INSERT%'");
            standby.Signal(InvoluteProcess.Terminate);
            (await standby.EndAsync()).ExpectOneLine(143, "nothing was begun");
        }

        var steps = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32() + 10;
        (await _runs.ResumeAsync("a", $"outer-steps={steps}")).Expect(0);
    }

    private static async Task<NpgsqlConnection> LockAsync(PostgresDatabase database, string tables)
    {
        var connection = database.Open();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    // Until a session of the database waits for a lock.
    private static async Task UntilOneWaitsAsync(PostgresDatabase database, string which = "true")
    {
        await using var connection = database.Open();
        await UntilAsync(async () =>
        {
            await using var command = new NpgsqlCommand(
                $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND {which}",
                connection);
            return (long)(await command.ExecuteScalarAsync())! > 0;
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static string[] In(PostgresDatabase database) =>
        ["store=postgresql", $"store.connection={database.Connection}"];
}
