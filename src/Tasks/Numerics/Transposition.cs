using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Involute.Tasks.Numerics;

/// <summary>Transposes matrices of floats in blocks of eight by eight; moves bits and computes nothing.</summary>
public static unsafe class Transposition
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Block = 8;

    /// <summary>target[c, r] = source[r, c].</summary>
    /// <remarks>Sizes are rounded up to whole blocks, which must be readable and writable.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceRow, float* target, nint targetRow, int rows, int columns)
    {
        for (var c = 0; c < columns; c += Block)
        {
            for (var r = 0; r < rows; r += Block)
            {
                var s = source + (r * sourceRow) + c;
                var r0 = Vector256.Load(s);
                var r1 = Vector256.Load(s + sourceRow);
                var r2 = Vector256.Load(s + (2 * sourceRow));
                var r3 = Vector256.Load(s + (3 * sourceRow));
                var r4 = Vector256.Load(s + (4 * sourceRow));
                var r5 = Vector256.Load(s + (5 * sourceRow));
                var r6 = Vector256.Load(s + (6 * sourceRow));
                var r7 = Vector256.Load(s + (7 * sourceRow));
                Turn(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
                Store(r0, r1, r2, r3, r4, r5, r6, r7, target + (c * targetRow) + r, targetRow);
            }
        }
    }

    /// <summary>Writes the rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, Vector256<float> r4,
        Vector256<float> r5, Vector256<float> r6, Vector256<float> r7, float* target, nint targetRow)
    {
        r0.Store(target);
        r1.Store(target + targetRow);
        r2.Store(target + (2 * targetRow));
        r3.Store(target + (3 * targetRow));
        r4.Store(target + (4 * targetRow));
        r5.Store(target + (5 * targetRow));
        r6.Store(target + (6 * targetRow));
        r7.Store(target + (7 * targetRow));
    }

    /// <summary>Makes columns of the rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Turn(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        if (!Avx.IsSupported)
        {
            (r0, r1, r2, r3, r4, r5, r6, r7) = (
                Column(0, r0, r1, r2, r3, r4, r5, r6, r7), Column(1, r0, r1, r2, r3, r4, r5, r6, r7),
                Column(2, r0, r1, r2, r3, r4, r5, r6, r7), Column(3, r0, r1, r2, r3, r4, r5, r6, r7),
                Column(4, r0, r1, r2, r3, r4, r5, r6, r7), Column(5, r0, r1, r2, r3, r4, r5, r6, r7),
                Column(6, r0, r1, r2, r3, r4, r5, r6, r7), Column(7, r0, r1, r2, r3, r4, r5, r6, r7));
            return;
        }

        // Pairs of numbers, then quadruples, then halves.
        var p0 = Avx.UnpackLow(r0, r1).AsDouble();
        var p1 = Avx.UnpackHigh(r0, r1).AsDouble();
        var p2 = Avx.UnpackLow(r2, r3).AsDouble();
        var p3 = Avx.UnpackHigh(r2, r3).AsDouble();
        var p4 = Avx.UnpackLow(r4, r5).AsDouble();
        var p5 = Avx.UnpackHigh(r4, r5).AsDouble();
        var p6 = Avx.UnpackLow(r6, r7).AsDouble();
        var p7 = Avx.UnpackHigh(r6, r7).AsDouble();
        var q0 = Avx.UnpackLow(p0, p2).AsSingle();
        var q1 = Avx.UnpackHigh(p0, p2).AsSingle();
        var q2 = Avx.UnpackLow(p1, p3).AsSingle();
        var q3 = Avx.UnpackHigh(p1, p3).AsSingle();
        var q4 = Avx.UnpackLow(p4, p6).AsSingle();
        var q5 = Avx.UnpackHigh(p4, p6).AsSingle();
        var q6 = Avx.UnpackLow(p5, p7).AsSingle();
        var q7 = Avx.UnpackHigh(p5, p7).AsSingle();
        r0 = Avx.Permute2x128(q0, q4, 0x20);
        r1 = Avx.Permute2x128(q1, q5, 0x20);
        r2 = Avx.Permute2x128(q2, q6, 0x20);
        r3 = Avx.Permute2x128(q3, q7, 0x20);
        r4 = Avx.Permute2x128(q0, q4, 0x31);
        r5 = Avx.Permute2x128(q1, q5, 0x31);
        r6 = Avx.Permute2x128(q2, q6, 0x31);
        r7 = Avx.Permute2x128(q3, q7, 0x31);
    }

    private static Vector256<float> Column(
        int i, Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, Vector256<float> r4,
        Vector256<float> r5, Vector256<float> r6, Vector256<float> r7) =>
        Vector256.Create(r0[i], r1[i], r2[i], r3[i], r4[i], r5[i], r6[i], r7[i]);
}
