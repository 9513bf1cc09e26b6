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
    private const int Schema = 1;
    private const int HeaderBytes = 5 * sizeof(int);
    private const int CursorBytes = (5 * sizeof(int)) + 2;

    public static byte[] Write<T>(
        PairBlock block, ReadOnlySpan<TruncationCursor> cursors, ReadOnlySpan<NoiseTrail<T>> trails, IUnroll<T> unroll)
        where T : struct, IFloatingPointIeee754<T>
    {
        var trailBytes = trails[0].Values.Length * Marshal.SizeOf<T>();
        var bytes = new byte[HeaderBytes + (block.Count * (CursorBytes + trailBytes + unroll.StateBytesPerPair))];
        FlatBytes.Write<int>(
            [Schema, block.First, block.Count, trails[0].Values.Length, unroll.StateBytesPerPair], bytes);
        var rest = bytes.AsSpan(HeaderBytes);
        for (var pair = 0; pair < block.Count; pair++)
        {
            var cursor = cursors[pair];
            FlatBytes.Write<uint>([cursor.Window, cursor.Trajectory], rest);
            FlatBytes.Write<int>([cursor.Start, cursor.Age, cursor.Horizon], rest[(2 * sizeof(int))..]);
            rest[CursorBytes - 2] = cursor.UnderWay ? (byte)1 : (byte)0;
            rest[CursorBytes - 1] = cursor.ResetPending ? (byte)1 : (byte)0;
            FlatBytes.Write<T>(trails[pair].Values, rest[CursorBytes..]);
            unroll.Save(pair, rest.Slice(CursorBytes + trailBytes, unroll.StateBytesPerPair));
            rest = rest[(CursorBytes + trailBytes + unroll.StateBytesPerPair)..];
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
        var trailBytes = trails[0].Values.Length * Marshal.SizeOf<T>();
        RequireHeader(bytes, block, trails[0].Values.Length, trailBytes, unroll.StateBytesPerPair);
        Span<uint> counts = stackalloc uint[2];
        Span<int> steps = stackalloc int[3];
        var rest = bytes[HeaderBytes..];
        for (var pair = 0; pair < block.Count; pair++)
        {
            FlatBytes.Read(rest, counts);
            FlatBytes.Read(rest[(2 * sizeof(int))..], steps);
            cursors[pair] = new TruncationCursor(
                counts[0], counts[1], steps[0], steps[1], steps[2], rest[CursorBytes - 2] != 0,
                rest[CursorBytes - 1] != 0);
            FlatBytes.Read(rest[CursorBytes..], trails[pair].Values);
            unroll.Load(pair, rest.Slice(CursorBytes + trailBytes, unroll.StateBytesPerPair));
            rest = rest[(CursorBytes + trailBytes + unroll.StateBytesPerPair)..];
        }
    }

    private static void RequireHeader(
        ReadOnlySpan<byte> bytes, PairBlock block, int trailLength, int trailBytes, int laneBytes)
    {
        int[] expected = [Schema, block.First, block.Count, trailLength, laneBytes];
        var length = HeaderBytes + ((long)block.Count * (CursorBytes + trailBytes + laneBytes));
        if (bytes.Length != length)
        {
            throw new InvalidDataException(
                $"state of pairs from {block.First}: {bytes.Length} bytes, expected {length}");
        }

        var header = new int[expected.Length];
        FlatBytes.Read<int>(bytes, header);
        if (!header.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidDataException(
                $"state of pairs from {block.First}: header [{string.Join(' ', header)}], expected "
                    + $"[{string.Join(' ', expected)}] (schema, first pair, pairs, trail, lane bytes)");
        }
    }
}
