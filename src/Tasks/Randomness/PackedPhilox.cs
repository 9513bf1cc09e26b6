using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Involute.Tasks.Randomness;

/// <summary><see cref="Philox4x32"/> on four counters at once, each under its own key.</summary>
internal static class PackedPhilox
{
    private const int Word = 32;

    /// <summary>Whether this processor gains from it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>The words of four blocks as two numbers of 64 bits each, the first word lowest.</summary>
    /// <param name="c0">First words of the counters, in the low halves.</param>
    /// <param name="c1">Second words.</param>
    /// <param name="c2">Third words.</param>
    /// <param name="c3">Fourth words.</param>
    /// <param name="k0">First words of the keys.</param>
    /// <param name="k1">Second words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Vector256<ulong> First, Vector256<ulong> Second) Block(
        Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3, Vector256<ulong> k0,
        Vector256<ulong> k1)
    {
        // A product takes the low halves of its factors: what stands above them need not be cleared.
        var multiplier0 = Vector256.Create((ulong)Philox4x32.Multiplier0).AsUInt32();
        var multiplier1 = Vector256.Create((ulong)Philox4x32.Multiplier1).AsUInt32();
        for (var round = 0; round < Philox4x32.Rounds; round++)
        {
            var product0 = Avx2.Multiply(multiplier0, c0.AsUInt32());
            var product1 = Avx2.Multiply(multiplier1, c2.AsUInt32());
            c0 = (product1 >> Word) ^ c1 ^ k0;
            c2 = (product0 >> Word) ^ c3 ^ k1;
            c1 = product1;
            c3 = product0;
            k0 += Vector256.Create((ulong)Philox4x32.Weyl0);
            k1 += Vector256.Create((ulong)Philox4x32.Weyl1);
        }

        var low = Vector256.Create((ulong)uint.MaxValue);
        return ((c0 & low) | (c1 << Word), (c2 & low) | (c3 << Word));
    }
}
