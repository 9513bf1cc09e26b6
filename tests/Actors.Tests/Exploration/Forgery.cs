using System.Buffers.Binary;
using Involute.Estimators.Plans;

namespace Involute.Actors.Tests.Exploration;

/// <summary>States of pairs that are another's, and say that they are what is expected.</summary>
internal static class Forgery
{
    private const int HeaderBytes = 5 * sizeof(int);

    public static ReadOnlyMemory<byte> OfBlock(ReadOnlyMemory<byte> state, PairBlock block)
    {
        var forged = state.ToArray();
        if (forged.Length > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(forged.AsSpan(sizeof(int)), block.First);
        }

        return forged;
    }

    public static ReadOnlyMemory<byte> AfterWindows(ReadOnlyMemory<byte> state, PairBlock block, ThetaVersion windows)
    {
        var forged = state.ToArray();
        var pairBytes = (forged.Length - HeaderBytes) / block.Count;
        for (var pair = 0; pair < block.Count; pair++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                forged.AsSpan(HeaderBytes + (pair * pairBytes)), checked((uint)windows.Value));
        }

        return forged;
    }
}
