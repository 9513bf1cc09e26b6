using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>A checkpoint that is too large for one row: its parts come first, then the row that names them.</summary>
public sealed class CheckpointInPartsTests
{
    private const int Blocks = 4;
    private const int BlockBytes = 400_000;

    // Theta and the meta-optimizer's memory are small parts of their own.
    private const int Vectors = 2;

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task It_is_read_as_it_was_written(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await WriteAsync(under, 3, Of(3));

        await using var ledger = new RunningLedger(under.Store);
        var read = (await ledger.Recover()).Checkpoint!;
        ledger.Tell(new LedgerProtocol.LoadStates([.. read.Pairs.Select(pair => pair.Stored!)]));
        var states = (await ledger.Expect<LedgerProtocol.StatesLoaded>()).States;

        Assert.All(read.Pairs, pair => Assert.True(pair.State.IsEmpty));
        Assert.Equal(CheckpointFormat.Write(Of(3)), CheckpointFormat.Write(read with { Pairs = states }));
        Assert.Equal([3], under.Store.Read().WholeSteps);
        Assert.True(under.Read<byte[]>("SELECT snapshot FROM snapshot")[0].Length < 1000);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Only_the_blocks_that_have_changed_are_written_again(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);
        await SaveAsync(ledger, 1, Of(1));
        await SaveAsync(ledger, 2, Of(2, changed: 1));

        Assert.Equal((2 * Vectors) + Blocks + 1, Count(under));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Parts_go_with_the_last_checkpoint_that_names_them(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using (var ledger = await RunningLedger.Recovered(under.Store))
        {
            for (var step = 1; step <= 5; step++)
            {
                await SaveAsync(ledger, step, Of(step, changed: step));
            }
        }

        // The parts go after the answer: those of the fourth are there in any case, those of the first two are not.
        Assert.Equal([4, 5], under.Store.Read().WholeSteps);
        Assert.InRange(Count(under), (2 * Vectors) + Blocks + 1, (3 * Vectors) + Blocks + 2);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Those_of_checkpoints_that_were_set_aside_stay(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await WriteAsync(under, 2, Of(1, changed: 1), Of(2, changed: 2));
        Assert.Equal(1, under.Store.SetCheckpointsAside(1));

        await using var connection = under.Open();
        Assert.Equal(0, new PartTable(connection, "ledger-run").Drop(
            new SqlRunRecords(connection, Sample.Run), long.MaxValue, _ => false));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_changed_part_is_no_state_to_go_on_from(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await WriteAsync(under, 1, Of(1));
        under.Change("UPDATE checkpoint_part SET content = substr(content, 2) WHERE length(content) = 400000");
        await using var ledger = new RunningLedger(under.Store);
        var read = (await ledger.Recover()).Checkpoint!;
        ledger.Tell(new LedgerProtocol.LoadStates([read.Pairs[0].Stored!]));

        var failed = await ledger.Expect<LedgerProtocol.StoreFailed>();

        Assert.Equal(StoreFailure.Data, failed.Kind);
        Assert.Contains("of 400000 bytes is damaged", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(under.Store.Read().WholeSteps);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task States_that_are_stored_before_are_not_written_again_with_the_checkpoint(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await using var ledger = await RunningLedger.Recovered(under.Store);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();
        var whole = Of(1);
        List<PairSnapshot> stored = [];
        foreach (var (pair, group) in whole.Pairs.Select((pair, i) => (pair, i)))
        {
            ledger.Tell(new LedgerProtocol.StoreStates(group, [pair]));
            var answer = await ledger.Expect<LedgerProtocol.StatesStored>();
            Assert.Equal(group, answer.Group);
            stored.Add(new PairSnapshot(pair.Block, default) { Stored = answer.Stored });
        }

        ledger.Tell(new LedgerProtocol.SaveCheckpoint(whole with { Pairs = stored }));
        await ledger.Expect<LedgerProtocol.CheckpointSaved>();

        Assert.Equal(Vectors + Blocks, Count(under));
        Assert.Equal([1], under.Store.Read().WholeSteps);
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_part_that_is_gone_ends_a_resume_and_nothing_is_removed(string kind)
    {
        foreach (var damage in new[]
        {
            "DELETE FROM checkpoint_part WHERE length(content) = 400000",
            "UPDATE checkpoint_part SET sha256 = 'x' || sha256 WHERE length(content) = 400000",
        })
        {
            await using var under = await StoreUnderTest.CreateAsync(kind);
            await WriteAsync(under, 2, Of(1), Of(2));
            under.Change(damage);
            var left = Count(under);
            await using var ledger = new RunningLedger(under.Store);
            ledger.Tell(new LedgerProtocol.Recover());

            var failed = await ledger.Expect<LedgerProtocol.StoreFailed>();

            Assert.Equal(StoreFailure.Data, failed.Kind);
            Assert.Contains("the checkpoint of step 2: parts of it are missing", failed.Reason, StringComparison.Ordinal);
            Assert.Empty(under.Store.Read().WholeSteps);
            Assert.Equal(left, Count(under));
        }
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task Another_learner_s_new_epoch_keeps_its_parts(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await WriteAsync(under, 1, Of(1));
        await using (await RunningLedger.Recovered(under.Store))
        {
        }

        under.Change("DELETE FROM snapshot");
        await using var connection = under.Open();
        var parts = new PartTable(connection, "ledger-run");
        var records = new SqlRunRecords(connection, Sample.Run);

        Assert.Equal(0, parts.Drop(records, lastEvent: 2, _ => false));
        Assert.Equal(Vectors + Blocks, parts.Drop(records, lastEvent: 100, _ => false));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task One_that_an_older_version_has_written_in_one_row_is_read(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        await RunningLedger.Written(under.Store, 3, 3);
        var whole = CheckpointFormat.Write(Of(3));
        under.Change("UPDATE snapshot SET snapshot = @blob", ("@blob", whole));
        under.Change(
            "UPDATE journal SET message = @blob WHERE manifest LIKE 'checkpoint-%'",
            ("@blob", Committed(under, CheckpointFormat.HashText(whole))));
        await using var ledger = new RunningLedger(under.Store);

        Assert.Equal(whole, CheckpointFormat.Write((await ledger.Recover()).Checkpoint!));
    }

    private static byte[] Committed(StoreUnderTest under, string sha256)
    {
        var message = under.Read<byte[]>("SELECT message FROM journal WHERE manifest LIKE 'checkpoint-%'")[0];
        var manifest = under.Read<string>("SELECT manifest FROM journal WHERE manifest LIKE 'checkpoint-%'")[0];
        return LedgerEventFormat.Write(
            (CheckpointCommitted)LedgerEventFormat.Read(message, manifest) with { BlobSha256 = sha256 });
    }

    private static long Count(StoreUnderTest under) => under.Read<long>("SELECT count(*) FROM checkpoint_part")[0];

    private static async Task WriteAsync(StoreUnderTest under, int steps, params Checkpoint[] checkpoints)
    {
        await using var ledger = await RunningLedger.Recovered(under.Store);
        for (var step = 1; step <= steps; step++)
        {
            await SaveAsync(ledger, step, checkpoints.SingleOrDefault(it => it.Step == step));
        }
    }

    private static async Task SaveAsync(RunningLedger ledger, int step, Checkpoint? checkpoint)
    {
        ledger.Tell(Sample.Step(step));
        await ledger.Expect<LedgerProtocol.StepSaved>();
        if (checkpoint is not null)
        {
            ledger.Tell(new LedgerProtocol.SaveCheckpoint(checkpoint));
            await ledger.Expect<LedgerProtocol.CheckpointSaved>();
        }
    }

    // All blocks are the same in all steps, but for one.
    private static Checkpoint Of(int step, int changed = 0) => Sample.Checkpoint(step) with
    {
        Pairs = [.. Enumerable.Range(0, Blocks).Select(
            i => new PairSnapshot(new PairBlock(i, 1), Sample.Bytes(i == 0 ? changed : i + 100, BlockBytes)))],
    };
}
