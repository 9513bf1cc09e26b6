using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class CheckpointFallbackTests
{
    [Theory]
    [InlineData("sqlite", 0)]
    [InlineData("sqlite", 9)]
    [InlineData("sqlite", 60)]
    [InlineData("sqlite", -1)]
    [InlineData("postgresql", 0)]
    [InlineData("postgresql", -1)]
    public async Task A_flipped_byte_in_the_newest_checkpoint_makes_the_one_before_it_used(string kind, int index)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(5, index);

        var read = under.Store.Read();
        await using var ledger = new RunningLedger(under.Store);
        var recovered = await ledger.Recover();

        Assert.Equal(3, recovered.Checkpoint?.Step);
        Assert.StartsWith(
            "checkpoint of step 5 is passed over", Assert.Single(recovered.Warnings), StringComparison.Ordinal);
        Assert.Equal(3, read.Checkpoint?.Step);
        Assert.Equal(recovered.Warnings, read.Warnings);
    }

    [Theory]
    [InlineData("sqlite", "UPDATE snapshot SET serializer_id = 31337 WHERE sequence_number = 5")]
    [InlineData("sqlite", "UPDATE snapshot SET snapshot = NULL WHERE sequence_number = 5")]
    [InlineData("sqlite", "UPDATE snapshot SET snapshot = 'text' WHERE sequence_number = 5")]
    [InlineData("sqlite", "UPDATE snapshot SET sequence_number = 6 WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET serializer_id = 31337 WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET snapshot = NULL WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET snapshot = 'text' WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET sequence_number = 6 WHERE sequence_number = 5")]
    public async Task A_row_that_cannot_be_loaded_makes_the_one_before_it_used(string kind, string damage)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.Change(damage);
        await using var ledger = new RunningLedger(under.Store);

        var recovered = await ledger.Recover();

        Assert.Equal(3, recovered.Checkpoint?.Step);
        Assert.Single(recovered.Warnings);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Without_any_good_checkpoint_the_run_is_recomputed_from_its_start(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(3, 30);
        under.FlipByteOfCheckpoint(5, 30);
        await using var ledger = new RunningLedger(under.Store);

        var recovered = await ledger.Recover();

        Assert.Null(recovered.Checkpoint);
        Assert.Equal(7, recovered.LastStep);
        Assert.Equal(3, recovered.Warnings.Count);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_damaged_checkpoint_is_written_anew_when_its_step_is_recomputed(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(5, 30);
        await using (var ledger = await RunningLedger.Recovered(under.Store))
        {
            ledger.Tell(Sample.Step(4));
            ledger.Tell(Sample.Step(5));
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(5)));
            await ledger.ExpectLater<LedgerProtocol.CheckpointSaved>();
        }

        var read = under.Store.Read();

        Assert.Equal(5, read.Checkpoint?.Step);
        Assert.Empty(read.Warnings);
        Assert.Equal([3, 5], read.CheckpointSteps);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_checkpoint_that_was_saved_but_not_committed_is_used(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3);
        under.Change(
            "INSERT INTO snapshot VALUES ('ledger-run', 6, 0, @blob, '', 4)",
            ("@blob", CheckpointFormat.Write(Sample.Checkpoint(6))));
        await using var ledger = new RunningLedger(under.Store);

        Assert.Equal(6, (await ledger.Recover()).Checkpoint?.Step);
    }
}
