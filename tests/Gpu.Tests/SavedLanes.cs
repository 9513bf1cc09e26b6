using System.Runtime.InteropServices;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Tests;

/// <summary>What unrolls save of their pairs, for comparisons.</summary>
internal static class SavedLanes
{
    /// <summary>All of a pair.</summary>
    public static byte[] Of(IUnroll<float> unroll, int pair)
    {
        var bytes = new byte[unroll.StateBytesPerPair];
        unroll.Save(pair, bytes);
        return bytes;
    }

    /// <summary>What a pair's lanes hold that live; only the flag of those that are frozen.</summary>
    public static byte[][] Live(IUnroll<float> unroll, int pair) => Live(Of(unroll, pair), unroll.Arms.Count());

    /// <summary>The same of saved lanes that stand one after the other.</summary>
    public static byte[][] Live(byte[] saved, int lanes) =>
        [.. saved.Chunk(saved.Length / lanes).Select(lane => lane[0] == 0 ? lane : lane[..1])];

    /// <summary>Saved lanes with one sign of what is not a number: processors do not agree on it.</summary>
    /// <param name="saved">Lanes, one after the other.</param>
    /// <param name="lanes">How many.</param>
    /// <param name="flag">Bytes of a lane's flag.</param>
    public static byte[] OneNaN(byte[] saved, int lanes, int flag)
    {
        var lane = saved.Length / lanes;
        for (var at = 0; at < saved.Length; at += lane)
        {
            foreach (ref var number in MemoryMarshal.Cast<byte, float>(saved.AsSpan(at + flag, lane - flag)))
            {
                number = float.IsNaN(number) ? float.NaN : number;
            }
        }

        return saved;
    }
}
