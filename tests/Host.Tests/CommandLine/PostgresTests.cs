using Involute.Runs;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Runs whose store is a PostgreSQL database, as a user of the command sees them.</summary>
[Trait("Speed", "slow")]
public sealed class PostgresTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_and_resumed_is_the_run_that_sqlite_holds()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("sqlite", "outer-steps=200")).Expect(0);
        using (var killed = InvoluteProcess.Start(_runs.Training("pg", ["outer-steps=200", .. In(database)])))
        {
            await killed.LineAsync("outer step 1/");
            (await killed.KillAsync()).Expect(137);
        }

        (await _runs.ResumeAsync("pg")).Expect(0);

        await _runs.AssertSameAsync("sqlite", "pg");
        Assert.Equal("finished", (await _runs.ShowAsync("pg")).GetProperty("status").GetString());
        Assert.False(File.Exists(_runs.File("pg", "run.db")));
        (await _runs.ResumeAsync("pg", "outer-steps=210")).Expect(0);
        Assert.Equal(210, (await _runs.ShowAsync("pg")).GetProperty("outerStep").GetInt32());
    }

    [Fact]
    public async Task A_second_learner_from_a_copy_of_the_folder_is_73_and_names_the_first()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var first = InvoluteProcess.Start(
            _runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. In(database)]));
        await first.LineAsync("outer step 1/");
        using var elsewhere = _runs.Copy();
        Directory.CreateDirectory(System.IO.Path.Combine(elsewhere.Path, "a"));
        File.Copy(_runs.File("a", "config.conf"), elsewhere.File("a", "config.conf"));

        (await elsewhere.ResumeAsync("a")).ExpectOneLine(73, "run 'a' in PostgreSQL", $"pid {first.Id} on ");
        Assert.Equal("running", (await elsewhere.ShowAsync("a")).GetProperty("status").GetString());

        // Where the first has stopped, the copy goes on: it is the same run.
        first.Signal(InvoluteProcess.Terminate);
        (await first.EndAsync()).Expect(143);
        var done = (await elsewhere.ShowAsync("a")).GetProperty("outerStep").GetInt32();
        (await elsewhere.ResumeAsync("a", $"outer-steps={done + 3}")).Expect(0);
    }

    [Fact]
    public async Task A_copy_under_another_name_is_65_and_is_told_that_the_name_may_be_the_reason()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=5", .. In(database)])).Expect(0);
        Directory.Move(System.IO.Path.Combine(_runs.Path, "a"), System.IO.Path.Combine(_runs.Path, "b"));

        foreach (var command in new[] { "show", "verify", "resume" })
        {
            (await InvoluteProcess.RunAsync([command, "b", "--runs", _runs.Path])).ExpectOneLine(
                65, "the ledger is gone", "if the folder was copied or renamed, call it again what");
        }

        Directory.Move(System.IO.Path.Combine(_runs.Path, "b"), System.IO.Path.Combine(_runs.Path, "a"));
        (await _runs.ResumeAsync("a", "outer-steps=6")).Expect(0);
    }

    [Fact]
    public async Task A_name_that_the_database_has_is_refused_before_anything_is_written_and_never_generated()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(database)])).Expect(0);
        using var elsewhere = new RunsOnDisk();

        (await elsewhere.TrainAsync("a", ["outer-steps=3", .. In(database)])).ExpectOneLine(
            64, "run 'a' in PostgreSQL", "begun already");

        Assert.Empty(elsewhere.Entries());
    }

    [Fact]
    public async Task A_name_that_a_learner_elsewhere_has_just_claimed_is_73_and_leaves_no_folder()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var elsewhere = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a"));
        await using var claim = await elsewhere.ClaimAsync(
            TimeProvider.System, TestContext.Current.CancellationToken);

        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(database)])).ExpectOneLine(73, "run 'a' in PostgreSQL");

        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task The_ledger_of_other_settings_under_the_same_name_is_65()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=3", .. In(database)])).Expect(0);
        using var elsewhere = new RunsOnDisk();
        (await elsewhere.TrainAsync("a", "outer-steps=3", "seed=1")).Expect(0);
        var settings = (
            await File.ReadAllTextAsync(_runs.File("a", "config.conf"), TestContext.Current.CancellationToken))
            .Replace("seed = 0", "seed = 1", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            elsewhere.File("a", "config.conf"), settings, TestContext.Current.CancellationToken);

        (await elsewhere.ResumeAsync("a")).ExpectOneLine(65, "other settings");
    }

    [Fact]
    public async Task A_wrong_password_is_69_and_one_line()
    {
        await using var database = await PostgresDatabase.CreateAsync();

        var outcome = await InvoluteProcess.RunAsync(
            _runs.Training("a", In(database)), new Dictionary<string, string> { ["PGPASSWORD"] = "hunter2" });

        outcome.ExpectOneLine(69, "password authentication failed");
        Assert.DoesNotContain("hunter2", outcome.AllErrors, StringComparison.Ordinal);
        Assert.Empty(_runs.Entries());
    }

    // Needs no server: nothing listens on port 1.
    [Fact]
    public async Task A_server_that_does_not_answer_is_69_and_one_line()
    {
        const string Nowhere = "store.connection=Host=127.0.0.1;Port=1;Username=u";

        (await _runs.TrainAsync("a", "store=postgresql", Nowhere)).ExpectOneLine(69, "127.0.0.1:1");

        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_password_in_the_configuration_is_64_and_not_repeated()
    {
        var outcome = await _runs.TrainAsync("a", "store=postgresql", "store.connection=Host=h;Password=hunter2");

        outcome.ExpectOneLine(64, "--set involute.store.connection: ", "PGPASSWORD", ".pgpass");
        Assert.DoesNotContain("hunter2", outcome.AllErrors, StringComparison.Ordinal);
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task A_run_stays_in_its_store_and_may_follow_it_to_another_server()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", "outer-steps=3")).Expect(0);
        (await _runs.ResumeAsync("a", In(database))).ExpectOneLine(64, "involute.store.name: cannot change");
        (await _runs.TrainAsync("b", ["outer-steps=3", .. In(database)])).Expect(0);
        var moved =
            new NpgsqlConnectionStringBuilder(database.Connection) { ApplicationName = "moved" }.ConnectionString;

        (await _runs.ResumeAsync("b", "outer-steps=5", $"store.connection={moved}")).Expect(0);

        Assert.Equal(5, (await _runs.ShowAsync("b")).GetProperty("outerStep").GetInt32());
        await using var empty = await PostgresDatabase.CreateAsync();
        (await _runs.ResumeAsync("b", $"store.connection={empty.Connection}")).ExpectOneLine(65, "the ledger is gone");
    }

    [Fact]
    public async Task A_run_whose_server_goes_back_in_time_ends_with_74_and_goes_on_by_the_line_that_it_prints()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var run = InvoluteProcess.Start(_runs.Training(
            "a", [$"outer-steps={RunsOnDisk.Endless}", "checkpoint-interval=20", .. In(database)]));
        await run.LineAsync("outer step 1/");
        var store = new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a"));
        await UntilAsync(store, 30);
        await using var copy = await database.CopyAsync();
        await UntilAsync(store, HowMany(store) + 100);
        await database.ReplaceByAsync(copy);

        var ended = await run.EndAsync();

        ended.Expect(74);
        // At an event, or when a checkpoint is looked for through a new connection.
        Assert.Matches("lost what it had acknowledged|was written and is not there", ended.AllErrors);
        Assert.DoesNotContain("do not start", ended.AllErrors, StringComparison.Ordinal);
        var steps = $"outer-steps={HowMany(store) + 100}";
        string[] resume = [.. _runs.Resuming("a", steps)];
        var resumed = await InvoluteProcess.RunAsync(resume);
        if (resumed.ExitCode != 0)
        {
            // The folder knows of a later checkpoint than the store: not unasked.
            resumed.ExpectOneLine(65, "its end was cut off");
            var at = System.Text.RegularExpressions.Regex.Match(resumed.AllErrors, "'involute resume a --at ([0-9]+)'");
            (await InvoluteProcess.RunAsync([.. resume, "--at", at.Groups[1].Value])).Expect(0);
        }

        (await _runs.TrainAsync("sqlite", steps)).Expect(0);
        await _runs.AssertSameAsync("sqlite", "a");
    }

    [Fact]
    public async Task Journal_rows_that_vanish_while_a_run_goes_on_end_it_with_65_and_not_with_a_promise()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        using var run = InvoluteProcess.Start(_runs.Training("a", [$"outer-steps={RunsOnDisk.Endless}", .. In(database)]));
        await run.LineAsync("outer step 1/");
        await UntilAsync(new PostgresRunStore(PostgresAddress.Parse(database.Connection), new RunId("a")), 20);
        await database.ExecuteAsync("DELETE FROM involute.journal WHERE sequence_number BETWEEN 2 AND 4");

        run.Signal(InvoluteProcess.Terminate);

        (await run.EndAsync()).Expect(65);
        (await _runs.ResumeAsync("a")).Expect(65);
    }

    [Fact]
    public async Task Checkpoints_of_a_former_run_under_the_name_are_cleared_when_a_run_begins()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=30", "checkpoint-interval=10", .. In(database)])).Expect(0);
        await database.ExecuteAsync("DELETE FROM involute.journal");
        using var elsewhere = new RunsOnDisk();

        (await elsewhere.TrainAsync("a", ["outer-steps=5", "seed=3", .. In(database)])).Expect(0);

        (await elsewhere.ResumeAsync("a", "outer-steps=7")).Expect(0);
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", elsewhere.Path])).Expect(0);
    }

    [Fact]
    public async Task A_ledger_cut_short_with_its_checkpoints_is_65_for_every_command()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        (await _runs.TrainAsync("a", ["outer-steps=30", "checkpoint-interval=10", .. In(database)])).Expect(0);
        await database.ExecuteAsync(
            "DELETE FROM involute.journal WHERE sequence_number > 9; DELETE FROM involute.snapshot");

        (await _runs.ResumeAsync("a")).ExpectOneLine(65, "its end was cut off", "'involute resume a --at 0'");
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", _runs.Path])).Expect(65);
        (await InvoluteProcess.RunAsync([.. _runs.Resuming("a", "outer-steps=30"), "--at", "0"])).Expect(0);
    }

    private static long HowMany(PostgresRunStore store) => ((Involute.Runs.Stores.IRunStore)store).LastEvent();

    private static async Task UntilAsync(PostgresRunStore store, long events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (HowMany(store) < events)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private static string[] In(PostgresDatabase database) =>
        ["store=postgresql", $"store.connection={database.Connection}"];
}
