using System.Runtime.CompilerServices;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Checkpoints;

/// <summary>Cuts a checkpoint into parts, and puts it together again.</summary>
/// <remarks>
/// The state of each block is a part of its own, so that one that has not changed is not written again; small blocks share
/// one, and large ones have several. Nothing is copied but one part at a time.
/// </remarks>
internal static class CheckpointParts
{
    /// <summary>Blocks are put together until their states have so many bytes: a row costs about as much.</summary>
    public const int GroupBytes = 256 << 10;

    /// <summary>Cuts a checkpoint; states that are stored already stay where they are.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="store">Keeps a part; its bytes are those of the next part after the call.</param>
    public static CheckpointManifest Write(Checkpoint checkpoint, Action<StoredPart, ReadOnlyMemory<byte>> store)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new CheckpointManifest(
            checkpoint.RunId,
            checkpoint.IdentitySha256,
            checkpoint.State.Theta.Version,
            checkpoint.MeanLoss,
            WriteVector(checkpoint.State.Theta.Values, store),
            WriteVector(checkpoint.State.MetaOptimizer.Span, store),
            [.. Groups(checkpoint.Pairs, pair => pair.State.Length, pair => pair.Stored)
                .Select(group => group[0].Stored ?? Write(group, store))],
            checkpoint.InnerSteps);
    }

    /// <summary>Cuts the states of the blocks of one group.</summary>
    public static StateGroup Write(IReadOnlyList<PairSnapshot> blocks, Action<StoredPart, ReadOnlyMemory<byte>> store)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var content = blocks.Count == 1 ? blocks[0].State : Joined(blocks);
        var parts = new List<StoredPart>();
        for (var first = 0; first < content.Length; first += StoredPart.Largest)
        {
            parts.Add(Keep(content.Slice(first, Math.Min(StoredPart.Largest, content.Length - first)), store));
        }

        return new StateGroup([.. blocks.Select(it => new StoredBlock(it.Block, it.State.Length))], parts);
    }

    /// <summary>Consecutive blocks that are stored together.</summary>
    /// <param name="blocks">All blocks, in pair order.</param>
    /// <param name="lengthOf">Bytes of a block's state.</param>
    /// <param name="storedIn">The group that a block is stored in; null for those that are not.</param>
    public static IEnumerable<IReadOnlyList<T>> Groups<T>(
        IEnumerable<T> blocks, Func<T, long> lengthOf, Func<T, StateGroup?>? storedIn = null)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(lengthOf);
        List<T> group = [];
        var bytes = 0L;
        foreach (var block in blocks)
        {
            var (stored, before) = (storedIn?.Invoke(block), group.Count > 0 ? storedIn?.Invoke(group[0]) : null);
            var length = lengthOf(block);
            if (group.Count > 0 && (!ReferenceEquals(stored, before)
                || (stored is null && (bytes >= GroupBytes || length >= GroupBytes))))
            {
                yield return group;
                (group, bytes) = ([], 0);
            }

            group.Add(block);
            bytes += length;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    /// <summary>Puts a checkpoint together.</summary>
    /// <param name="manifest">Which parts.</param>
    /// <param name="load">Loads a part; null if it is not there.</param>
    /// <param name="states">What is done about the states.</param>
    /// <exception cref="InvalidDataException">A part is missing or damaged.</exception>
    public static Checkpoint Read(CheckpointManifest manifest, Func<StoredPart, byte[]?> load, StateReading states)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var theta = ReadVector<float>(manifest.Theta, load);
        var memory = ReadVector<double>(manifest.MetaOptimizer, load);
        List<PairSnapshot> pairs = [];
        foreach (var group in manifest.Groups)
        {
            if (states == StateReading.Keep)
            {
                pairs.AddRange(Read(group, load));
                continue;
            }

            foreach (var part in states == StateReading.Check ? group.Parts : [])
            {
                part.Require(load);
            }

            pairs.AddRange(group.Blocks.Select(it => new PairSnapshot(it.Block, default) { Stored = group }));
        }

        return new Checkpoint(
            manifest.RunId,
            manifest.IdentitySha256,
            new OuterState<float>(new Theta<float>(manifest.Version, theta), memory),
            manifest.MeanLoss,
            pairs)
        {
            InnerSteps = manifest.InnerSteps,
        };
    }

    /// <summary>The states of a group.</summary>
    /// <exception cref="InvalidDataException">A part is missing or damaged.</exception>
    public static IReadOnlyList<PairSnapshot> Read(StateGroup group, Func<StoredPart, byte[]?> load)
    {
        ArgumentNullException.ThrowIfNull(group);
        ReadOnlyMemory<byte> content = group.Parts is [var only] ? only.Require(load) : Joined(group.Parts, load);
        var states = new List<PairSnapshot>();
        var first = 0;
        foreach (var (block, length) in group.Blocks)
        {
            states.Add(new PairSnapshot(block, content.Slice(first, length)));
            first += length;
        }

        return states;
    }

    private static StoredPart Keep(ReadOnlyMemory<byte> content, Action<StoredPart, ReadOnlyMemory<byte>> store)
    {
        var part = StoredPart.Of(content.Span);
        store(part, content);
        return part;
    }

    private static StoredVector WriteVector<T>(
        ReadOnlySpan<T> values, Action<StoredPart, ReadOnlyMemory<byte>> store)
        where T : struct
    {
        var size = Unsafe.SizeOf<T>();
        var most = StoredPart.Largest / size;
        var parts = new List<StoredPart>();
        var bytes = new byte[Math.Min(most, values.Length) * size];
        for (var first = 0; first < values.Length; first += most)
        {
            var piece = values.Slice(first, Math.Min(most, values.Length - first));
            FlatBytes.Write(piece, bytes);
            parts.Add(Keep(bytes.AsMemory(0, piece.Length * size), store));
        }

        return new StoredVector(values.Length, parts);
    }

    private static T[] ReadVector<T>(StoredVector vector, Func<StoredPart, byte[]?> load)
        where T : struct
    {
        var values = new T[vector.Count];
        var rest = values.AsSpan();
        foreach (var part in vector.Parts)
        {
            var bytes = part.Require(load);
            var piece = rest[..(bytes.Length / Unsafe.SizeOf<T>())];
            FlatBytes.Read(bytes, piece);
            rest = rest[piece.Length..];
        }

        return values;
    }

    private static byte[] Joined(IReadOnlyList<PairSnapshot> blocks)
    {
        var content = new byte[blocks.Sum(it => it.State.Length)];
        var first = 0;
        foreach (var it in blocks)
        {
            it.State.CopyTo(content.AsMemory(first));
            first += it.State.Length;
        }

        return content;
    }

    private static byte[] Joined(IReadOnlyList<StoredPart> parts, Func<StoredPart, byte[]?> load)
    {
        var content = new byte[parts.Sum(part => part.Length)];
        var first = 0;
        foreach (var part in parts)
        {
            part.Require(load).CopyTo(content, first);
            first += part.Length;
        }

        return content;
    }
}

/// <summary>What a reader of a checkpoint does about the states that stand in parts.</summary>
internal enum StateReading
{
    /// <summary>Loads them into memory.</summary>
    Keep,

    /// <summary>Makes sure that they are whole, and leaves them where they are.</summary>
    Check,

    /// <summary>Leaves them where they are: those who need one load and check it.</summary>
    Leave,
}
