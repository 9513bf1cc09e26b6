using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>The bytes of a pair actor's state, as they stand in checkpoints. Little-endian.</summary>
/// <remarks>
/// int32 schema (1), first pair, pairs, trail length, bytes of one pair's lanes; then for each pair: uint32 window,
/// trajectory; int32 start, age, horizon; uint8 under way, reset pending; the trail and the numbers beside it; the
/// lanes.
/// </remarks>
internal static class PairStateFormat
{
    public const int Schema = 1;
    public const int HeaderBytes = 5 * sizeof(int);
    public const int CursorBytes = (5 * sizeof(int)) + 2;

    public static byte[] Write<T>(
        PairBlock block, ReadOnlySpan<TruncationCursor> cursors, ReadOnlySpan<NoiseTrail<T>> trails, IUnroll<T> unroll)
        where T : struct, IFloatingPointIeee754<T>
    {
        var layout = new PairStateLayout(trails[0].Values.Length, Marshal.SizeOf<T>(), unroll.StateBytesPerPair);
        var bytes = new byte[checked((int)layout.StateBytes(block.Count))];
        FlatBytes.Write<int>(layout.Header(block), bytes);
        var pairBytes = (int)layout.PairBytes;
        var rest = bytes.AsSpan(HeaderBytes);
        for (var pair = 0; pair < block.Count; pair++)
        {
            var cursor = cursors[pair];
            FlatBytes.Write<uint>([cursor.Window, cursor.Trajectory], rest);
            FlatBytes.Write<int>([cursor.Start, cursor.Age, cursor.Horizon], rest[(2 * sizeof(int))..]);
            rest[CursorBytes - 2] = cursor.UnderWay ? (byte)1 : (byte)0;
            rest[CursorBytes - 1] = cursor.ResetPending ? (byte)1 : (byte)0;
            FlatBytes.Write<T>(trails[pair].Values, rest[CursorBytes..]);
            unroll.Save(pair, rest[(pairBytes - layout.LaneBytes)..pairBytes]);
            rest = rest[pairBytes..];
        }

        return bytes;
    }

    public static void Read<T>(
        ReadOnlySpan<byte> bytes,
        PairBlock block,
        Span<TruncationCursor> cursors,
        ReadOnlySpan<NoiseTrail<T>> trails,
        IUnroll<T> unroll)
        where T : struct, IFloatingPointIeee754<T>
    {
        var layout = new PairStateLayout(trails[0].Values.Length, Marshal.SizeOf<T>(), unroll.StateBytesPerPair);
        if (layout.HeaderProblem(bytes, block) is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        for (var pair = 0; pair < block.Count; pair++)
        {
            var own = layout.Pair(bytes, pair);
            cursors[pair] = Cursor(own) ?? throw new InvalidDataException(
                $"state of pairs from {block.First}: a flag of pair {block.First + pair} is neither 0 nor 1");
            Trail<T>(own, trails[pair].Values.Length).CopyTo(trails[pair].Values);
            unroll.Load(pair, own[^layout.LaneBytes..]);
        }
    }

    /// <summary>Where a pair stands, out of its own bytes; null if a flag is neither 0 nor 1.</summary>
    public static TruncationCursor? Cursor(ReadOnlySpan<byte> pair)
    {
        Span<uint> counts = stackalloc uint[2];
        Span<int> steps = stackalloc int[3];
        FlatBytes.Read(pair, counts);
        FlatBytes.Read(pair[(2 * sizeof(int))..], steps);
        var (underWay, resetPending) = (pair[CursorBytes - 2], pair[CursorBytes - 1]);
        return underWay <= 1 && resetPending <= 1
            ? new TruncationCursor(
                counts[0], counts[1], steps[0], steps[1], steps[2], underWay == 1, resetPending == 1)
            : null;
    }

    /// <summary>Its accumulated perturbation with the numbers beside it, where they stand: states may be large.</summary>
    public static ReadOnlySpan<T> Trail<T>(ReadOnlySpan<byte> pair, int length)
        where T : struct =>
        MemoryMarshal.Cast<byte, T>(pair[CursorBytes..])[..length];
}
