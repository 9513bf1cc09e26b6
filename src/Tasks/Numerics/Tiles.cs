using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>The tiles of <see cref="TileProduct"/>: six, four or one row of sixteen sums held in registers.</summary>
/// <remarks>Each in a small method of its own: in a large one the compiler spills the sums to memory.</remarks>
internal static unsafe class Tiles
{
    private const int Lanes = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6<TFinish>(
        float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow,
        float* start, float* gate, int depth)
        where TFinish : struct, ITileFinish
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        var zero = Vector256<float>.Zero;
        Vector256<float> c00 = zero, c10 = zero, c20 = zero, c30 = zero, c40 = zero, c50 = zero;
        if (start is not null)
        {
            c00 = Vector256.Create(start[0]);
            c10 = Vector256.Create(start[1]);
            c20 = Vector256.Create(start[2]);
            c30 = Vector256.Create(start[3]);
            c40 = Vector256.Create(start[4]);
            c50 = Vector256.Create(start[5]);
        }

        Vector256<float> c01 = c00, c11 = c10, c21 = c20, c31 = c30, c41 = c40, c51 = c50;
        nint t = 0;
        for (; depth > 0; depth--)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Lanes);
            var x = Vector256.Create(a[t]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a1[t]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a2[t]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a3[t]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            x = Vector256.Create(a4[t]);
            c40 = Vector256.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x, b1, c41);
            x = Vector256.Create(a5[t]);
            c50 = Vector256.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x, b1, c51);
            t += aStep;
            b += bStep;
        }

        var gap = gate is null ? 0 : (nint)(gate - c);
        Store<TFinish>(c, gap, c00, c01);
        Store<TFinish>(c += cRow, gap, c10, c11);
        Store<TFinish>(c += cRow, gap, c20, c21);
        Store<TFinish>(c += cRow, gap, c30, c31);
        Store<TFinish>(c += cRow, gap, c40, c41);
        Store<TFinish>(c + cRow, gap, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TFinish>(
        float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow,
        float* start, float* gate, int depth)
        where TFinish : struct, ITileFinish
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        var zero = Vector256<float>.Zero;
        Vector256<float> c00 = zero, c10 = zero, c20 = zero, c30 = zero;
        if (start is not null)
        {
            c00 = Vector256.Create(start[0]);
            c10 = Vector256.Create(start[1]);
            c20 = Vector256.Create(start[2]);
            c30 = Vector256.Create(start[3]);
        }

        Vector256<float> c01 = c00, c11 = c10, c21 = c20, c31 = c30;
        nint t = 0;
        for (; depth > 0; depth--)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Lanes);
            var x = Vector256.Create(a[t]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a1[t]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a2[t]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a3[t]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            t += aStep;
            b += bStep;
        }

        var gap = gate is null ? 0 : (nint)(gate - c);
        Store<TFinish>(c, gap, c00, c01);
        Store<TFinish>(c += cRow, gap, c10, c11);
        Store<TFinish>(c += cRow, gap, c20, c21);
        Store<TFinish>(c + cRow, gap, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TFinish>(
        float* a, nint aStep, float* b, nint bStep, float* c, float* start, float* gate, int depth)
        where TFinish : struct, ITileFinish
    {
        var c0 = start is null ? Vector256<float>.Zero : Vector256.Create(start[0]);
        var c1 = c0;
        for (; depth > 0; depth--)
        {
            var x = Vector256.Create(*a);
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + Lanes), c1);
            a += aStep;
            b += bStep;
        }

        Store<TFinish>(c, gate is null ? 0 : (nint)(gate - c), c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFinish>(float* c, nint gap, Vector256<float> sums0, Vector256<float> sums1)
        where TFinish : struct, ITileFinish
    {
        TFinish.Apply(sums0, c + gap).Store(c);
        TFinish.Apply(sums1, c + Lanes + gap).Store(c + Lanes);
    }
}
