using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Checkpoints;

/// <summary>A large checkpoint stands in parts, each under its hash.</summary>
public sealed class CheckpointPartsTests
{
    private const int Large = StoredPart.Largest + 1000;

    private readonly Dictionary<StoredPart, byte[]> _parts = [];

    [Fact]
    public void What_is_cut_is_put_together_again()
    {
        var checkpoint = Of(0, 10, 10, Large, 300_000, 5, CheckpointParts.GroupBytes, 7);

        var read = Read(Manifest(checkpoint));

        Assert.Equal(CheckpointFormat.Write(checkpoint), CheckpointFormat.Write(read));
    }

    [Fact]
    public void Large_blocks_are_parts_of_their_own_and_small_ones_share_one()
    {
        var manifest = CheckpointManifest.Read(Manifest(Of(0, 10, 10, Large, 300_000, 5, CheckpointParts.GroupBytes, 7)));

        Assert.Equal([3, 1, 1, 1, 1, 1], manifest.Groups.Select(group => group.Blocks.Count));
        Assert.Equal([1, 2, 1, 1, 1, 1], manifest.Groups.Select(group => group.Parts.Count));
        Assert.All(_parts.Keys, part => Assert.InRange(part.Length, 1, StoredPart.Largest));
    }

    [Fact]
    public void Small_blocks_are_put_together_until_they_are_worth_a_row()
    {
        var groups = CheckpointParts.Groups(Enumerable.Repeat(1000L, 1000), length => length).ToList();

        Assert.Equal([263, 263, 263, 211], groups.Select(group => group.Count));
    }

    [Fact]
    public void A_block_that_has_not_changed_is_the_same_part()
    {
        var before = Of(300_000, 400_000, 10);
        Manifest(before);
        var known = _parts.Keys.ToHashSet();
        var state = before.Pairs[1].State.ToArray();
        state[5] ^= 1;

        Manifest(before with { Pairs = [before.Pairs[0], before.Pairs[1] with { State = state }, before.Pairs[2]] });

        Assert.Equal([400_000], _parts.Keys.Except(known).Select(part => part.Length));
    }

    [Fact]
    public void States_that_are_stored_stay_where_they_are()
    {
        var bytes = Manifest(Of(300_000, 10, 10, 400_000));
        var read = CheckpointFormat.Read(bytes, Load, StateReading.Check);
        Assert.All(read.Pairs, pair => Assert.True(pair.State.IsEmpty));

        var written = new List<int>();
        Assert.Equal(bytes, CheckpointParts.Write(read, (part, _) => written.Add(part.Length)).Write());
        Assert.Equal([16, 16], written);
        Assert.Equal(
            read.LoadedPairs(group => CheckpointParts.Read(group, Load)).Select(pair => pair.State.Length),
            [300_000, 10, 10, 400_000]);
    }

    [Fact]
    public void A_checkpoint_whose_states_stand_elsewhere_is_never_written_as_a_whole()
    {
        var read = CheckpointFormat.Read(Manifest(Of(10, 10)), Load, StateReading.Leave);

        Assert.False(CheckpointFormat.IsWhole(read));
        Assert.Throws<ArgumentException>(() => CheckpointFormat.Write(read));
        Assert.True(CheckpointFormat.IsWhole(Of(10, 10)));
        Assert.False(CheckpointFormat.IsWhole(Of(CheckpointFormat.WholeBytes)));
    }

    [Fact]
    public void A_part_that_is_missing_or_damaged_is_told()
    {
        var bytes = Manifest(Of(300_000, 400_000));
        var part = _parts.Keys.Single(it => it.Length == 400_000);
        var content = _parts[part];

        content[7] ^= 1;
        Assert.Contains("of 400000 bytes is damaged", Refusal(bytes), StringComparison.Ordinal);

        _parts.Remove(part);
        Assert.Contains("of 400000 bytes is missing", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_looks_at_every_part()
    {
        var run = RecordedRun.Of(5, 3, 5);
        var checkpoint = Sample.Checkpoint(5) with { Pairs = Of(300_000, 400_000).Pairs };
        run.Blobs[5] = Manifest(checkpoint);
        run.Events[^1] = (CheckpointCommitted)run.Events[^1] with { BlobSha256 = CheckpointFormat.HashText(run.Blobs[5]) };
        foreach (var (part, content) in _parts)
        {
            run.Parts[part] = content;
        }

        Assert.DoesNotContain(run.Violations(), it => it.StartsWith("checkpoints", StringComparison.Ordinal));

        run.Parts.Remove(_parts.Keys.Single(part => part.Length == 300_000));
        Assert.Contains(
            run.Violations(),
            it => it.StartsWith("checkpoints: the checkpoint of step 5: part ", StringComparison.Ordinal)
                && it.EndsWith("of 300000 bytes is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_manifest_that_was_changed_and_sealed_again_is_refused_or_reads_what_it_names()
    {
        var bytes = Manifest(Of(10, 300_000, 20));
        for (var turn = 0u; turn < 2000; turn++)
        {
            var changed = Mutation.Of(bytes.AsSpan(20..^32), turn);
            var resealed = SealedBytes.Write(CheckpointManifest.Schema, changed.Length, writer => writer.Write(changed));
            try
            {
                CheckpointFormat.Read(resealed, Load, StateReading.Keep);
            }
            catch (InvalidDataException)
            {
                // As it should be.
            }
        }
    }

    private static Checkpoint Of(params int[] lengths) => Sample.Checkpoint(50) with
    {
        Pairs = [.. lengths.Select((length, i) => new PairSnapshot(new PairBlock(i, 1), Sample.Bytes(i, length)))],
    };

    private byte[] Manifest(Checkpoint checkpoint) =>
        CheckpointParts.Write(checkpoint, (part, content) => _parts[part] = content.ToArray()).Write();

    private byte[]? Load(StoredPart part) => _parts.GetValueOrDefault(part);

    private Checkpoint Read(byte[] manifest) => CheckpointFormat.Read(manifest, Load, StateReading.Keep);

    private string Refusal(byte[] manifest) => Assert.Throws<InvalidDataException>(() => Read(manifest)).Message;
}
