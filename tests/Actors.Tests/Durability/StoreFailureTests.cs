using Involute.Actors.Durability;
using Xunit;

namespace Involute.Actors.Tests.Durability;

public sealed class StoreFailureTests
{
    [Fact]
    public async Task While_another_program_locks_the_database_nothing_is_lost_or_doubled()
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await RunningLedger.Recovered(folder.Path);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        using (var other = RunFile.Open(folder.Path))
        {
            other.Execute("BEGIN EXCLUSIVE");
            ledger.Tell(new LedgerProtocol.ChangeSetting("involute.outer-steps", "3", "5"));
            for (var step = 2; step <= 20; step++)
            {
                ledger.Tell(Sample.Step(step));
            }

            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(20)));
            other.Execute("ROLLBACK");
        }

        for (var step = 2; step <= 20; step++)
        {
            Assert.Equal(step, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        }

        Assert.Equal(20, (await ledger.Expect<LedgerProtocol.CheckpointSaved>()).Step);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
        var manifests = RunFile.Read<string>(folder.Path, "SELECT manifest FROM journal ORDER BY sequence_number");
        Assert.Equal(
            ["epoch-1", "step-1", "setting-1", .. Enumerable.Repeat("step-1", 19), "checkpoint-1"], manifests);
        Assert.Equal(20, RunDatabaseReader.Read(folder.Path).Checkpoint?.Step);
    }

    [Fact]
    public async Task A_checkpoint_that_meets_a_lock_is_saved_later()
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await RunningLedger.Recovered(folder.Path);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        using (var other = RunFile.Open(folder.Path))
        {
            other.Execute("BEGIN EXCLUSIVE");
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(1)));
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute("ROLLBACK");
        }

        Assert.Equal(1, (await ledger.Expect<LedgerProtocol.CheckpointSaved>()).Step);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
    }

    [Fact]
    public async Task A_run_that_starts_under_a_lock_waits_for_it()
    {
        using var folder = new TemporaryFolder();
        RunDatabase.Prepare(folder.Path, Sample.Run);
        await using var ledger = new RunningLedger(folder.Path);
        using (var other = RunFile.Open(folder.Path))
        {
            other.Execute("BEGIN EXCLUSIVE");
            ledger.Tell(new LedgerProtocol.Recover());
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute("ROLLBACK");
        }

        Assert.Equal(1, (await ledger.ExpectLater<LedgerProtocol.Recovered>()).Epoch);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
    }

    [Fact]
    public async Task A_store_that_stays_away_has_failed()
    {
        using var folder = new TemporaryFolder();
        RunDatabase.Prepare(folder.Path, Sample.Run);
        using var other = RunFile.Open(folder.Path);
        other.Execute("BEGIN EXCLUSIVE");
        await using var ledger = new RunningLedger(
            folder.Path, backoff: new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), 1));

        ledger.Tell(new LedgerProtocol.Recover());

        await ledger.Expect<LedgerProtocol.StoreUnavailable>();
        Assert.Equal(StoreFailure.InputOutput, (await ledger.Expect<LedgerProtocol.StoreFailed>()).Kind);
    }

    [Fact]
    public async Task A_learner_whose_place_another_has_taken_is_told_so()
    {
        using var folder = new TemporaryFolder();
        await using var first = await RunningLedger.Recovered(folder.Path);
        await using var second = await RunningLedger.Recovered(folder.Path);

        first.Tell(Sample.Step(1));
        second.Tell(Sample.Step(1));

        Assert.Equal(StoreFailure.Held, (await first.Expect<LedgerProtocol.StoreFailed>()).Kind);
        await second.Expect<LedgerProtocol.StepSaved>();
    }

    [Fact]
    public async Task A_learner_that_was_replaced_while_it_waited_for_the_store_is_told_so()
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await RunningLedger.Recovered(folder.Path);
        using (var other = RunFile.Open(folder.Path))
        {
            other.Execute("BEGIN EXCLUSIVE");
            ledger.Tell(Sample.Step(1));
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute(
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                VALUES (0, 0, 'ledger-run', 2, $event, 'epoch-1', 7401, 'other')
                """,
                ("$event", LedgerEventFormat.Write(new EpochStarted(2, Sample.Run, Sample.Identity))));
            other.Execute("COMMIT");
        }

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Held, failure.Kind);
        Assert.Contains("epoch 2", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            RunDatabase.PathIn(folder.Path), new string('x', 5000), TestContext.Current.CancellationToken);
        await ExpectBadData(folder.Path, "file is not a database");
    }

    [Fact]
    public async Task The_database_of_another_program_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        RunFile.Change(folder.Path, "CREATE TABLE bookmarks (url TEXT)");
        await ExpectBadData(folder.Path, "the database of another program");
        Assert.Equal(["bookmarks"], RunFile.Read<string>(folder.Path, "SELECT name FROM sqlite_master"));
    }

    [Fact]
    public async Task The_database_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 2, 2);
        await ExpectBadData(folder.Path, "of 'ledger-run', not of run 'other'", runId: new RunId("other"));
    }

    [Fact]
    public async Task A_ledger_of_other_settings_is_refused()
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 2, 2);
        await ExpectBadData(folder.Path, "other settings", identity: Sample.Hash("others"));
    }

    [Fact]
    public async Task A_damaged_fact_is_refused()
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 2, 2);
        var bytes = RunFile.Read<byte[]>(folder.Path, "SELECT message FROM journal WHERE sequence_number = 3")[0];
        bytes[20] ^= 1;
        RunFile.Change(folder.Path, "UPDATE journal SET message = $bytes WHERE sequence_number = 3", ("$bytes", bytes));
        await ExpectBadData(folder.Path, "ledger event 'step-1' is damaged");
        Assert.Throws<InvalidDataException>(() => RunDatabaseReader.Read(folder.Path));
    }

    [Theory]
    [InlineData("UPDATE journal SET message = 'text' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET manifest = 'step-2' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET identifier = 31337 WHERE sequence_number = 3")]
    [InlineData("DELETE FROM journal WHERE sequence_number = 3")]
    [InlineData("DROP TABLE journal")]
    public async Task A_tampered_ledger_is_refused(string tampering)
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 3, 2);
        RunFile.Change(folder.Path, tampering);
        await ExpectBadData(folder.Path, string.Empty);
    }

    private static async Task ExpectBadData(
        string runFolder, string reason, string? identity = null, RunId? runId = null)
    {
        await using var ledger = new RunningLedger(runFolder, identity, runId);
        ledger.Tell(new LedgerProtocol.Recover());
        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Data, failure.Kind);
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Reason);
    }
}
