using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

[Trait("Speed", "slow")]
public sealed class StoreFailureTests
{
    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task While_another_program_locks_the_database_nothing_is_lost_or_doubled(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Impatient);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        using (var other = under.OpenAlone())
        {
            ledger.Tell(new LedgerProtocol.ChangeSetting("involute.outer-steps", "3", "5"));
            for (var step = 2; step <= 20; step++)
            {
                ledger.Tell(Sample.Step(step));
            }

            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(20)));
            other.Execute("ROLLBACK");
        }

        await ledger.Expect<LedgerProtocol.SettingSaved>();
        for (var step = 2; step <= 20; step++)
        {
            Assert.Equal(step, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        }

        Assert.Equal(20, (await ledger.Expect<LedgerProtocol.CheckpointSaved>()).Step);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
        var manifests = under.Read<string>("SELECT manifest FROM journal ORDER BY sequence_number");
        Assert.Equal(
            ["epoch-1", "step-1", "setting-1", .. Enumerable.Repeat("step-1", 19), "checkpoint-2"], manifests);
        Assert.Equal(20, under.Store.Read().Checkpoint?.Step);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_checkpoint_that_meets_a_lock_is_saved_later(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Impatient);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        using (var other = under.OpenAlone())
        {
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(1)));
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute("ROLLBACK");
        }

        Assert.Equal(1, (await ledger.Expect<LedgerProtocol.CheckpointSaved>()).Step);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_run_that_starts_under_a_lock_waits_for_it(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        under.Store.Prepare();
        await using var ledger = new RunningLedger(under.Impatient);
        using (var other = under.OpenAlone())
        {
            ledger.Tell(new LedgerProtocol.Recover());
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute("ROLLBACK");
        }

        Assert.Equal(1, (await ledger.ExpectLater<LedgerProtocol.Recovered>()).Epoch);
        await ledger.Expect<LedgerProtocol.StoreAvailable>();
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_store_that_stays_away_has_failed(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        under.Store.Prepare();
        using var other = under.OpenAlone();
        await using var ledger = new RunningLedger(
            under.Impatient, backoff: new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), 1));

        ledger.Tell(new LedgerProtocol.Recover());

        await ledger.Expect<LedgerProtocol.StoreUnavailable>();
        Assert.Equal(StoreFailure.InputOutput, (await ledger.Expect<LedgerProtocol.StoreFailed>()).Kind);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_whose_place_another_has_taken_is_told_so(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var first = await RunningLedger.Recovered(under.Store);
        await using var second = await RunningLedger.Recovered(under.Store);

        first.Tell(Sample.Step(1));
        second.Tell(Sample.Step(1));

        Assert.Equal(StoreFailure.Held, (await first.Expect<LedgerProtocol.StoreFailed>()).Kind);
        await second.Expect<LedgerProtocol.StepSaved>();
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_that_was_replaced_while_it_waited_for_the_store_is_told_so(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Impatient);
        using (var other = under.OpenAlone())
        {
            ledger.Tell(Sample.Step(1));
            await ledger.Expect<LedgerProtocol.StoreUnavailable>();
            other.Execute(
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                VALUES (0, FALSE, 'ledger-run', 2, @event, 'epoch-1', 7401, 'other')
                """,
                ("@event", LedgerEventFormat.Write(new EpochStarted(2, Sample.Run, Sample.Identity))));
            other.Execute("COMMIT");
        }

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Held, failure.Kind);
        Assert.Contains("epoch 2", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_write_of_its_own_that_came_late_is_no_other_learner(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        // The writer had given this up as failed.
        var late = ((StepVerdict.Write)Sample.Ledger(1).Judge(Sample.Step(2))).Event;
        under.Change(
            """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (0, FALSE, 'ledger-run', 3, @event, 'step-1', 7401, 'late')
            """,
            ("@event", LedgerEventFormat.Write(late)));
        ledger.Tell(Sample.Step(2));
        ledger.Tell(Sample.Step(3));

        Assert.Equal(2, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        Assert.Equal(3, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        Assert.Equal(3, under.Store.Read().LastStep);
        Assert.Single(under.Store.Read().Epochs);
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

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_ledger_of_other_settings_is_refused(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 2, 2);
        await ExpectBadData(under.Store, "other settings", identity: Sample.Hash("others"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_damaged_fact_is_refused(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 2, 2);
        var bytes = under.Read<byte[]>("SELECT message FROM journal WHERE sequence_number = 3")[0];
        bytes[20] ^= 1;
        under.Change("UPDATE journal SET message = @bytes WHERE sequence_number = 3", ("@bytes", bytes));
        await ExpectBadData(under.Store, "ledger event 'step-1' is damaged");
    }

    [Theory]
    [InlineData("sqlite", "UPDATE journal SET message = 'text' WHERE sequence_number = 3")]
    [InlineData("sqlite", "UPDATE journal SET manifest = 'step-2' WHERE sequence_number = 3")]
    [InlineData("sqlite", "UPDATE journal SET identifier = 31337 WHERE sequence_number = 5")]
    [InlineData("sqlite", "DELETE FROM journal WHERE sequence_number = 3")]
    [InlineData("sqlite", "DROP TABLE journal")]
    [InlineData("postgresql", "UPDATE journal SET message = 'text' WHERE sequence_number = 3")]
    [InlineData("postgresql", "UPDATE journal SET manifest = 'step-2' WHERE sequence_number = 3")]
    [InlineData("postgresql", "UPDATE journal SET identifier = 31337 WHERE sequence_number = 5")]
    [InlineData("postgresql", "DELETE FROM journal WHERE sequence_number = 3")]
    public async Task A_tampered_ledger_is_refused(string kind, string tampering)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 3, 2);
        under.Change(tampering);
        await ExpectBadData(under.Store, string.Empty);
    }

    private static Task ExpectBadData(string runFolder, string reason, RunId? runId = null) =>
        ExpectBadData(new SqliteRunStore(runFolder, runId ?? Sample.Run), reason);

    private static async Task ExpectBadData(IRunStore store, string reason, string? identity = null)
    {
        await using var ledger = new RunningLedger(store, identity);
        ledger.Tell(new LedgerProtocol.Recover());
        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Data, failure.Kind);
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Reason);
    }
}
