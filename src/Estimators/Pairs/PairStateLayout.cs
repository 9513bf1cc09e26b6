using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>How many bytes each part of a block's state has.</summary>
/// <param name="TrailLength">Numbers of one pair's trail, with those beside it.</param>
/// <param name="NumberBytes">Bytes of one of them.</param>
/// <param name="LaneBytes">Bytes of one pair's lanes.</param>
internal readonly record struct PairStateLayout(int TrailLength, int NumberBytes, int LaneBytes)
{
    /// <summary>Bytes of one pair.</summary>
    public long PairBytes => PairStateFormat.CursorBytes + ((long)TrailLength * NumberBytes) + LaneBytes;

    /// <summary>Bytes of a number of pairs.</summary>
    public long StateBytes(int pairs) => PairStateFormat.HeaderBytes + (pairs * PairBytes);

    /// <summary>The bytes of one pair, by its index in the block.</summary>
    public ReadOnlySpan<byte> Pair(ReadOnlySpan<byte> state, int pair) =>
        state.Slice(PairStateFormat.HeaderBytes + checked((int)(pair * PairBytes)), checked((int)PairBytes));

    /// <summary>What stands before the pairs.</summary>
    public int[] Header(PairBlock block) => [PairStateFormat.Schema, block.First, block.Count, TrailLength, LaneBytes];

    /// <summary>Why bytes do not begin as the state of a block, or have another length; null if they do.</summary>
    public string? HeaderProblem(ReadOnlySpan<byte> state, PairBlock block)
    {
        var length = StateBytes(block.Count);
        if (state.Length != length)
        {
            return $"state of pairs from {block.First}: {state.Length} bytes, expected {length}";
        }

        var expected = Header(block);
        var header = new int[expected.Length];
        FlatBytes.Read<int>(state, header);
        return header.AsSpan().SequenceEqual(expected)
            ? null
            : $"state of pairs from {block.First}: header [{string.Join(' ', header)}], expected "
                + $"[{string.Join(' ', expected)}] (schema, first pair, pairs, trail, lane bytes)";
    }
}
