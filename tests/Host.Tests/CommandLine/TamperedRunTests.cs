using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Databases that somebody has changed: 65, and one line with the check and the place.</summary>
[Trait("Speed", "slow")]
public sealed class TamperedRunTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    // The run has events 1 (its epoch) and 2 to 22 (its steps), perhaps with commits between the last of them.
    private const int StepFour = 5;

    private readonly RunsOnDisk _runs = finished.Runs.Copy("short");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_deleted_event()
    {
        Change(database => database.Execute("DELETE FROM journal WHERE sequence_number = 5"));
        await ExpectAsync("journal: sequence 5 is missing", "steps: step 5 at sequence 6 follows step 3");
    }

    [Fact]
    public async Task Events_that_are_marked_as_deleted()
    {
        Change(database => database.Execute("UPDATE journal SET deleted = 1 WHERE sequence_number > 12"));
        await ExpectAsync("journal: sequence 13: the event is marked as deleted; ledger events never are");
    }

    [Fact]
    public async Task An_event_of_another_writer()
    {
        Change(database => database.Execute("UPDATE journal SET writer_uuid = 'other' WHERE sequence_number = 12"));
        await ExpectAsync("epochs: sequence 13: writer ");
    }

    [Fact]
    public async Task An_event_without_a_writer()
    {
        Change(database => database.Execute("UPDATE journal SET writer_uuid = NULL WHERE sequence_number = 12"));
        await ExpectAsync("epochs: sequence 12 names no writer");
    }

    [Fact]
    public async Task A_checkpoint_with_another_state_of_a_pair_and_a_hash_that_fits()
    {
        Change(database => database.ForgeCheckpoint(FinishedRun.Short));
        await ExpectAsync("checkpoints: the checkpoint of step 21: its SHA-256 is ");
    }

    [Fact]
    public async Task An_event_with_a_flipped_bit()
    {
        Change(database => database.FlipByteOfEvent(StepFour));
        await ExpectAsync(
            "journal: sequence 5: ledger event 'step-1' is damaged", "steps: step 5 at sequence 6 follows step 3");
    }

    [Fact]
    public async Task A_step_that_is_recorded_twice()
    {
        var at = Change(database => Copy(database, StepFour));
        await ExpectAsync($"steps: step 4 is recorded again at sequence {at}, the same as at sequence 5");
    }

    [Fact]
    public async Task A_second_epoch_of_the_same_number()
    {
        var at = Change(database => Copy(database, 1));
        await ExpectAsync($"epochs: epoch 1 begins at sequence {at}, after epoch 1");
    }

    [Fact]
    public async Task A_step_of_another_epoch()
    {
        Change(database => database.Forge(StepFour, RunDatabaseFile.Epoch, 2));
        await ExpectAsync("epochs: step 4 at sequence 5 is of epoch 2, which has not begun");
    }

    [Fact]
    public async Task A_changed_theta()
    {
        Change(database => database.Forge(StepFour, RunDatabaseFile.Theta, 1, 2, 3, 4));
        await ExpectAsync("chain: the chain is broken at step 4 (sequence 5)");
    }

    [Fact]
    public async Task A_loss_that_is_not_a_number()
    {
        Change(database => database.Forge(StepFour, RunDatabaseFile.MeanLoss, BitConverter.GetBytes(double.NaN)));
        await ExpectAsync("finite: the mean loss of step 4 at sequence 5 is NaN");
    }

    [Fact]
    public async Task A_step_without_all_pairs()
    {
        Change(database => database.Forge(StepFour, RunDatabaseFile.Pairs, 3));
        await ExpectAsync("pairs: step 4 at sequence 5 used 3 pairs of 4");
    }

    [Fact]
    public async Task A_checkpoint_with_a_flipped_bit()
    {
        Change(database => database.FlipByteOfCheckpoint(FinishedRun.Short));
        await ExpectAsync("checkpoints: the checkpoint of step 21: checkpoint is damaged (SHA-256 does not match)");
    }

    [Fact]
    public async Task A_deleted_checkpoint()
    {
        Change(database => database.Execute("DELETE FROM snapshot WHERE sequence_number = 21"));
        await ExpectAsync("checkpoints: the checkpoint of step 21, committed at sequence");
    }

    [Fact]
    public async Task A_ledger_whose_end_is_cut_off()
    {
        Change(database => database.Execute(
            "DELETE FROM journal WHERE sequence_number > 20"));
        await ExpectAsync("commits: a checkpoint of step 21 is stored, beyond the last acknowledged step, ");
    }

    [Fact]
    public async Task Settings_that_are_not_the_runs_own()
    {
        var config = _runs.File("short", "config.conf");
        var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            config, text.Replace("seed = 0", "seed = 1", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await ExpectAsync("identity: epoch 1 at sequence 1 was written with other settings");
    }

    [Fact]
    public async Task A_renamed_run()
    {
        Directory.Move(Path.Combine(_runs.Path, "short"), Path.Combine(_runs.Path, "renamed"));
        await ExpectAsync(["renamed"], "identity: the database holds 'ledger-short', which is not of run 'renamed'");
    }

    [Fact]
    public async Task A_careful_forgery_passes_the_chain_and_fails_the_replay()
    {
        Change(database =>
        {
            var step = database.Value<long>(
                "SELECT max(sequence_number) FROM journal WHERE manifest = 'step-1'");
            database.Forge(step, RunDatabaseFile.Contributions, 1, 2, 3, 4);
            database.Rechain();
        });
        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path])).Expect(0);
        await ExpectAsync(
            ["short", "--replay"],
            "replay: step 21: recomputed from the checkpoint of step ",
            "the ledger has 01020304");
    }

    [Fact]
    public async Task A_store_that_is_no_database()
    {
        var path = _runs.File("short", "run.db");
        await File.WriteAllTextAsync(path, "This is not a database.\n", TestContext.Current.CancellationToken);
        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path])).ExpectOneLine(65, path);
    }

    [Fact]
    public async Task A_store_that_another_program_holds_is_74()
    {
        using var database = new RunDatabaseFile(_runs.File("short", "run.db"));
        database.Execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE journal SET deleted = 0; COMMIT");
        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path]))
            .ExpectOneLine(74, _runs.File("short", "run.db"), "locked");
    }

    private static long Copy(RunDatabaseFile database, long sequence)
    {
        database.Execute(
            """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT created, deleted, persistence_id, (SELECT max(sequence_number) + 1 FROM journal), message, manifest,
                   identifier, writer_uuid
            FROM journal WHERE sequence_number = $s
            """,
            ("$s", sequence));
        return database.Value<long>("SELECT max(sequence_number) FROM journal");
    }

    private void Change(Action<RunDatabaseFile> change) => Change(database =>
    {
        change(database);
        return 0;
    });

    private long Change(Func<RunDatabaseFile, long> change)
    {
        using var database = new RunDatabaseFile(_runs.File("short", "run.db"));
        return change(database);
    }

    private Task ExpectAsync(string first, params string[] others) => ExpectAsync(["short"], first, others);

    private async Task ExpectAsync(string[] arguments, string first, params string[] others)
    {
        var outcome = (await InvoluteProcess.RunAsync(["verify", .. arguments, "--runs", _runs.Path])).Expect(65);
        Assert.StartsWith($"involute: run {arguments[0]}: {first}", outcome.Errors[^1], StringComparison.Ordinal);
        Assert.Contains(outcome.Output, line => line.Contains("  VIOLATED", StringComparison.Ordinal));
        Assert.All(others.Prepend(first), part => Assert.Contains(part, outcome.AllOutput, StringComparison.Ordinal));
        Assert.True(arguments.Length > 1 || outcome.Errors.Count == 1, $"{outcome}");
        if (arguments.Length == 1)
        {
            await ExpectSameVerdictAsync(arguments[0], outcome.Errors[^1]);
        }
    }

    // What verify finds, resume, show and eval find too, and none of them changes anything.
    private async Task ExpectSameVerdictAsync(string run, string verdict)
    {
        var before = await Content(run);
        foreach (var command in new[] { "show", "eval", "resume" })
        {
            var outcome = (await InvoluteProcess.RunAsync([command, run, "--runs", _runs.Path])).Expect(65);

            // Only verify and those that compute compare what computes the run: they may count one more.
            Assert.Equal(verdict.Split("; ")[0], outcome.Errors[^1].Split("; ")[0]);
        }

        Assert.Equal(before, await Content(run));
    }

    private Task<byte[]> Content(string run) =>
        File.ReadAllBytesAsync(_runs.File(run, "run.db"), TestContext.Current.CancellationToken);
}
