using Involute.Actors.Ledger;
using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>A learner goes on from the checkpoint that was committed last, or not at all.</summary>
public sealed class WrongCheckpointTests
{
    [Theory]
    [InlineData("sqlite", 0)]
    [InlineData("sqlite", 9)]
    [InlineData("sqlite", 60)]
    [InlineData("sqlite", -1)]
    [InlineData("postgresql", 0)]
    [InlineData("postgresql", -1)]
    public async Task A_flipped_byte_ends_it_and_the_row_stays_as_it_is(string kind, int index)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(5, index);
        var before = Rows(under);

        await ExpectBadDataAsync(under, "the checkpoint of step 5: ");

        Assert.Equal(before, Rows(under));
        Assert.Equal([3], under.Store.Read().WholeSteps);
    }

    [Theory]
    [InlineData("sqlite", "UPDATE snapshot SET snapshot = NULL WHERE sequence_number = 5")]
    [InlineData("sqlite", "UPDATE snapshot SET snapshot = 'text' WHERE sequence_number = 5")]
    [InlineData("sqlite", "UPDATE snapshot SET sequence_number = 6 WHERE sequence_number = 5")]
    [InlineData("sqlite", "DELETE FROM snapshot WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET snapshot = NULL WHERE sequence_number = 5")]
    [InlineData("postgresql", "UPDATE snapshot SET snapshot = 'text' WHERE sequence_number = 5")]
    [InlineData("postgresql", "DELETE FROM snapshot WHERE sequence_number = 5")]
    public async Task A_row_that_cannot_be_loaded_ends_it(string kind, string damage)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.Change(damage);

        await ExpectBadDataAsync(under, "the checkpoint of step 5: ");
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_column_that_only_the_plugin_reads_decides_nothing(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.Change("UPDATE snapshot SET serializer_id = 31337, manifest = 'other' WHERE sequence_number = 5");

        Assert.Equal([3, 5], under.Store.Read().WholeSteps);
        await using var ledger = await RunningLedger.Recovered(under.Store);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_whole_checkpoint_with_another_pairs_state_than_was_committed_ends_it(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        var whole = Sample.Checkpoint(5);
        var forged = whole with { Pairs = [whole.Pairs[0] with { State = new byte[] { 1, 2, 3, 99 } }, whole.Pairs[1]] };
        under.Change(
            "UPDATE snapshot SET snapshot = @blob WHERE sequence_number = 5", ("@blob", CheckpointFormat.Write(forged)));

        await ExpectBadDataAsync(under, "the checkpoint of step 5: its SHA-256 is ");
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_checkpoint_that_was_saved_but_not_committed_may_be_anything_and_is_not_used(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3);
        under.Change(
            "INSERT INTO snapshot VALUES ('ledger-run', 6, 0, @blob, '', 4)",
            ("@blob", CheckpointFormat.Write(Sample.Checkpoint(6))));
        await using var ledger = new RunningLedger(under.Store);

        Assert.Equal(3, (await ledger.Recover()).Checkpoint?.Step);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task An_operator_goes_on_from_an_older_one_and_the_damaged_row_is_kept(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(5, 30);
        var damaged = Rows(under)[^1];
        await using (var ledger = new RunningLedger(under.Store, guard: new LedgerGuard { At = 3 }))
        {
            var recovered = await ledger.Recover();
            Assert.Equal((3, 7), (recovered.Checkpoint!.Step, recovered.LastStep));
            ledger.Tell(Sample.Step(4));
            ledger.Tell(Sample.Step(5));
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(5)));
            await ledger.ExpectLater<LedgerProtocol.CheckpointSaved>();
        }

        var read = under.Store.Read();

        Assert.Equal([3, 5], read.WholeSteps);
        Assert.Contains(damaged, Rows(under));
        Assert.Equal(
            [1L],
            under.Read<long>("SELECT count(*) FROM journal WHERE manifest = 'set-aside-1'"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Without_any_whole_checkpoint_an_operator_begins_again_at_the_start(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 7, 3, 5);
        under.FlipByteOfCheckpoint(3, 30);
        under.FlipByteOfCheckpoint(5, 30);
        await using var ledger = new RunningLedger(under.Store, guard: new LedgerGuard { At = 0 });

        var recovered = await ledger.Recover();

        Assert.Null(recovered.Checkpoint);
        Assert.Equal(7, recovered.LastStep);
    }

    [Fact]
    public async Task A_store_that_is_found_wrong_before_the_first_write_is_not_written()
    {
        await using var under = await StoreUnderTest.CreateAsync("sqlite");
        await RunningLedger.Written(under.Store, 7, 3, 5);
        await ExpectBadDataAsync(
            under, "run run: journal: sequence 4 is missing",
            new LedgerGuard { Problem = () => "run run: journal: sequence 4 is missing" });
        Assert.Single(under.Store.Read().Epochs);
    }

    private static async Task ExpectBadDataAsync(StoreUnderTest under, string reason, LedgerGuard? guard = null)
    {
        await using var ledger = new RunningLedger(under.Store, guard: guard);
        ledger.Tell(new LedgerProtocol.Recover());
        var failed = await ledger.Expect<LedgerProtocol.StoreFailed>();
        Assert.Equal(StoreFailure.Data, failed.Kind);
        Assert.StartsWith(reason, failed.Reason, StringComparison.Ordinal);
    }

    private static List<string> Rows(StoreUnderTest under) =>
        [.. under.Read<byte[]>("SELECT snapshot FROM snapshot ORDER BY sequence_number").Select(Convert.ToHexString)];
}
