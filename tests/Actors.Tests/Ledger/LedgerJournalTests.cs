using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>Events are written only behind the one that the writer knows, and are counted.</summary>
[Trait("Speed", "slow")]
public sealed class LedgerJournalTests
{
    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task The_plugin_that_it_stands_in_for_reads_its_rows(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 20, 10, 20);

        var (events, checkpoint) = await SqlPlugin.ReadAsync(under.Store);

        Assert.Equal(23, events.Count);
        Assert.Equal(20, events.OfType<StepRecorded>().Last().Step);
        Assert.Equal(20, checkpoint!.Metadata.SequenceNr);
        Assert.Equal(
            under.Read<byte[]>("SELECT snapshot FROM snapshot WHERE sequence_number = 20"), [checkpoint.Snapshot]);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_store_that_has_lost_the_last_steps_gets_no_hole(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await Ledger(under, steps: 5);
        under.Change("DELETE FROM journal WHERE sequence_number > 3");

        ledger.Tell(Sample.Step(6));

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.InputOutput, failure.Kind);
        Assert.Contains("lost what it had acknowledged: step 5", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("it has step 2", failure.Reason, StringComparison.Ordinal);
        Assert.EndsWith("'involute resume run' goes on from what it has", failure.Reason, StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3], under.Read<long>("SELECT sequence_number FROM journal ORDER BY sequence_number"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_lost_checkpoint_is_told_with_the_way_out(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await Ledger(under, steps: 2);
        await Save(ledger, 2);
        await Record(ledger, 3, 4);
        await Save(ledger, 4);
        await Record(ledger, 5, 5);
        under.Change("DELETE FROM journal WHERE sequence_number > 5");

        ledger.Tell(Sample.Step(6));

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Contains(
            "it has step 3 and the checkpoint of step 2 now", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("'involute resume run --at 2'", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Where_others_have_written_in_its_place_it_writes_nothing(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await Ledger(under, steps: 5);

        // Back in time, and another learner has done the same steps since: the numbers fit, the writer does not.
        under.Change("DELETE FROM journal WHERE sequence_number > 3");
        await using (var other = await RunningLedger.Recovered(under.Store))
        {
            await Record(other, 3, 4);
        }

        ledger.Tell(Sample.Step(6));

        Assert.Equal(StoreFailure.Held, (await ledger.Expect<LedgerProtocol.StoreFailed>()).Kind);
        Assert.Equal(6, Assert.Single(under.Read<long>("SELECT max(sequence_number) FROM journal")));
    }

    [Fact]
    public async Task A_server_that_goes_back_in_time_under_its_connections_gets_no_hole()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var store = new PostgresRunStore(PostgresAddress.Parse(database.Connection), Sample.Run);
        await using var ledger = await RunningLedger.Recovered(store);
        await Record(ledger, 1, 3);
        await using var copy = await database.CopyAsync();
        await Record(ledger, 4, 5);
        await database.ReplaceByAsync(copy);

        ledger.Tell(Sample.Step(6));

        var failure = await ledger.ExpectLater<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.InputOutput, failure.Kind);
        Assert.Contains("step 5 and the checkpoint of step 0 were written", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("it has step 3", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(3, store.Read().LastStep);
        Assert.Equal(4, ((IRunStore)store).LastEvent());
        await using var next = await RunningLedger.Recovered(store);
        await Record(next, 4, 6);
    }

    [Theory]
    [InlineData("sqlite", """
        CREATE TRIGGER swallow BEFORE INSERT ON journal WHEN NEW.sequence_number = 6 BEGIN SELECT RAISE(IGNORE); END
        """)]
    [InlineData("postgresql", """
        CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF NEW.sequence_number = 6 THEN RETURN NULL; END IF; RETURN NEW; END';
        CREATE TRIGGER swallow BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION swallow()
        """)]
    [InlineData("postgresql", "CREATE RULE swallow AS ON INSERT TO journal WHERE sequence_number = 6 DO INSTEAD NOTHING")]
    public async Task A_trigger_that_takes_rows_is_noticed_at_once(string kind, string sql)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await Ledger(under, steps: 4);
        under.Change(sql);

        ledger.Tell(Sample.Step(5));

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.InputOutput, failure.Kind);
        Assert.Contains("took 0 of 1 events without an error", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(4, under.Store.Read().LastStep);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Rows_deleted_from_the_middle_are_noticed_with_the_next_checkpoint(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await Ledger(under, steps: 5);
        under.Change("DELETE FROM journal WHERE sequence_number IN (2, 4)");

        ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(5)));

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Data, failure.Kind);
        Assert.Contains("2 of the events 1 to 7 of the ledger are gone", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_that_was_frozen_before_its_ledger_was_opened_adds_nothing_to_the_run_of_another(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 4, 2, 4);
        var claimed = under.Store.LastEpoch();
        await using (var other = await RunningLedger.Recovered(under.Store))
        {
            await Record(other, 5, 6);
        }

        var before = under.Store.LastEvent();
        await using var frozen = new RunningLedger(
            under.Store, guard: new LedgerGuard { At = 2, ClaimedEpoch = () => claimed });
        frozen.Tell(new LedgerProtocol.Recover());

        var failure = await frozen.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Held, failure.Kind);
        Assert.Contains("another learner has gone on with it", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(before, under.Store.LastEvent());
        Assert.Equal([2L, 4L], under.Read<long>("SELECT sequence_number FROM snapshot ORDER BY sequence_number"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_that_starts_anew_after_another_has_begun_is_told_so(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var first = await RunningLedger.Recovered(under.Store);
        Assert.Equal(2, (await first.Recover()).Epoch);
        await using var second = await RunningLedger.Recovered(under.Store);

        first.Tell(new LedgerProtocol.Recover());

        Assert.Equal(StoreFailure.Held, (await first.Expect<LedgerProtocol.StoreFailed>()).Kind);
        Assert.Equal(3, under.Store.LastEpoch());
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Epochs_that_it_began_and_never_heard_of_are_its_own(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);
        for (var round = 0; round < 10; round++)
        {
            ledger.Tell(new LedgerProtocol.Recover());
            ledger.Tell(new LedgerProtocol.Recover());
        }

        var recovered = await ledger.Expect<LedgerProtocol.Recovered>();

        Assert.InRange(recovered.Epoch, 2, 21);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Older_checkpoints_go_only_where_the_newer_ones_are(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 4, 2, 4);
        under.Change("DELETE FROM snapshot WHERE sequence_number = 4");

        Assert.Equal(0, under.Store.DropCheckpoints(upTo: 3, newest: 4, committed: 7));
        Assert.Equal(0, under.Store.DropCheckpoints(upTo: 1, newest: 2, committed: 9));

        Assert.Equal([2L], under.Read<long>("SELECT sequence_number FROM snapshot"));
    }

    private static async Task<RunningLedger> Ledger(StoreUnderTest under, int steps)
    {
        var ledger = await RunningLedger.Recovered(under.Store);
        await Record(ledger, 1, steps);
        return ledger;
    }

    private static async Task Record(RunningLedger ledger, int from, int to)
    {
        for (var step = from; step <= to; step++)
        {
            // A store that was away for a moment says so before and after.
            ledger.Tell(Sample.Step(step));
            Assert.Equal(step, (await ledger.ExpectLater<LedgerProtocol.StepSaved>()).Step);
        }
    }

    private static async Task Save(RunningLedger ledger, int step)
    {
        ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(step)));
        await ledger.Expect<LedgerProtocol.CheckpointSaved>();
    }
}
