using Akka.Serialization;
using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs.Ledger;
using Involute.Runs.Verification;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class LedgerActorTests
{
    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_new_run_has_nothing_to_go_on_from(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = new RunningLedger(under.Store);

        var recovered = await ledger.Recover();

        Assert.Null(recovered.Checkpoint);
        Assert.Equal(1, recovered.Epoch);
        Assert.Equal(0, recovered.LastStep);
        Assert.Empty(recovered.Warnings);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Steps_that_come_before_recovery_is_over_are_kept_in_order(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = new RunningLedger(under.Store);

        ledger.Tell(new LedgerProtocol.Recover());
        for (var step = 1; step <= 500; step++)
        {
            ledger.Tell(Sample.Step(step));
        }

        await ledger.Expect<LedgerProtocol.Recovered>();
        for (var step = 1; step <= 500; step++)
        {
            Assert.Equal(step, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        }

        Assert.Equal(500, under.Store.Read().LastStep);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_goes_on_from_the_newest_checkpoint_in_a_new_epoch(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        await using var ledger = new RunningLedger(under.Store);

        var recovered = await ledger.Recover();

        Assert.Equal(5, recovered.Checkpoint?.Step);
        Assert.Equal(Sample.State(5).Theta.Values, recovered.Checkpoint!.State.Theta.Values);
        Assert.Equal(2, recovered.Epoch);
        Assert.Equal(7, recovered.LastStep);
        Assert.Empty(recovered.Warnings);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Recomputed_steps_are_acknowledged_and_not_written_again(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 5);
        await using var ledger = await RunningLedger.Recovered(under.Store);

        for (var step = 6; step <= 9; step++)
        {
            ledger.Tell(Sample.Step(step));
            Assert.Equal(step, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        }

        Assert.Equal(9, under.Read<long>("SELECT count(*) FROM journal WHERE manifest = 'step-1'")[0]);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_recomputed_step_with_another_theta_is_refused(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 5);
        await using var ledger = await RunningLedger.Recovered(under.Store);

        ledger.Tell(Sample.Step(6) with { ThetaSha256 = Sample.Hash("drifted") });

        var failure = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Data, failure.Kind);
        Assert.StartsWith("step 6: recomputed theta differs", failure.Reason, StringComparison.Ordinal);
        ledger.Tell(Sample.Step(7));
        Assert.Equal(failure, await ledger.Expect<LedgerProtocol.StoreFailed>());
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_checkpoint_waits_until_its_step_is_in_the_ledger(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);

        ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(2)));
        ledger.Tell(Sample.Step(1));
        ledger.Tell(Sample.Step(2));

        Assert.Equal(1, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        Assert.Equal(2, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        Assert.Equal(2, (await ledger.Expect<LedgerProtocol.CheckpointSaved>()).Step);
        Assert.Equal(
            ["epoch-1", "step-1", "step-1", "checkpoint-2"],
            under.Read<string>("SELECT manifest FROM journal ORDER BY sequence_number"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_reads_the_ledger_from_the_older_kept_checkpoint_on(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 35, 10, 20, 30);

        // Step 19 is before it: a learner that read it would stop.
        var manifest = under.Read<string>("SELECT manifest FROM journal WHERE sequence_number = 21")[0];
        under.Change("UPDATE journal SET manifest = 'unreadable' WHERE sequence_number = 21");
        await using (var ledger = new RunningLedger(under.Store))
        {
            var recovered = await ledger.Recover();

            Assert.Equal((30, 2, 35), (recovered.Checkpoint?.Step, recovered.Epoch, recovered.LastStep));
            ledger.Tell(Sample.Step(36));
            await ledger.Expect<LedgerProtocol.StepSaved>();
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(36)));
            await ledger.Expect<LedgerProtocol.CheckpointSaved>();
        }

        // What it has written follows on what it has not read.
        under.Change($"UPDATE journal SET manifest = '{manifest}' WHERE sequence_number = 21");
        Assert.Null(under.Store.ReadRecords(records => RunVerification.Of(records, RecordedRun.Expected)).Problem);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Only_the_last_two_checkpoints_are_kept_and_all_facts(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 50, 10, 20, 30, 40, 50);

        var steps = under.Read<long>("SELECT sequence_number FROM snapshot ORDER BY sequence_number");

        // The last deletion is not waited for: a third may be left when a learner stops right after its checkpoint.
        Assert.Equal([40, 50], steps.TakeLast(2));
        Assert.InRange(steps.Count, 2, 3);
        Assert.Equal(56, under.Read<long>("SELECT count(*) FROM journal")[0]);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_changed_setting_stands_in_the_ledger(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 3, 3);
        await using var ledger = await RunningLedger.Recovered(under.Store);

        ledger.Tell(new LedgerProtocol.ChangeSetting("involute.outer-steps", "3", "5"));
        await ledger.Expect<LedgerProtocol.SettingSaved>();
        ledger.Tell(Sample.Step(4));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        var change = Assert.Single(under.Store.Read().SettingChanges);
        Assert.Equal(new SettingChanged(2, "involute.outer-steps", "3", "5"), change);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_learner_that_recovers_again_begins_another_epoch(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();

        var recovered = await ledger.Recover();

        Assert.Equal((2, 1), (recovered.Epoch, recovered.LastStep));
        ledger.Tell(Sample.Step(2));
        Assert.Equal(2, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Events_go_through_their_own_serializer_and_checkpoints_are_raw_bytes(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = new RunningLedger(under.Store);

        Assert.All(
            [typeof(EpochStarted), typeof(StepRecorded), typeof(SettingChanged), typeof(CheckpointCommitted)],
            type => Assert.IsType<LedgerEventSerializer>(ledger.Serialization.FindSerializerForType(type)));
        Assert.IsType<ByteArraySerializer>(ledger.Serialization.FindSerializerForType(typeof(byte[])));
    }
}
