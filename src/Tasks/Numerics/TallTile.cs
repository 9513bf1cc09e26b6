using System.Runtime.CompilerServices;

namespace Involute.Tasks.Numerics;

/// <summary>Up to six rows of two registers of sums.</summary>
/// <remarks>Twelve sums, two vectors of B and one number of A fill the sixteen registers of AVX2.</remarks>
/// <typeparam name="TVector">What is done with a register.</typeparam>
/// <typeparam name="TRegister">The register.</typeparam>
internal readonly unsafe struct TallTile<TVector, TRegister> : ILayerTile
    where TVector : struct, ITileVector<TRegister>
    where TRegister : struct
{
    /// <inheritdoc/>
    public static int MaxRows => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TFinish>(
        int tiles, float* a, nint aRow, nint aStep, float* b, nint bPanel, nint bStep, float* c, nint cRow, float* start,
        nint startRow, float* gate, int depth)
        where TRows : struct, ITileRows
        where TFinish : struct, ILayerFinish
    {
        var bHalf = TVector.Count == LayerProduct.Panel ? bPanel : TVector.Count;
        var gap = gate is null ? 0 : (nint)(gate - c);
        for (; tiles > 0; tiles--)
        {
            TRegister c00 = TVector.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
            TRegister c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
            if (start is not null)
            {
                Load<TRows>(0, ref start, startRow, ref c00, ref c01);
                Load<TRows>(1, ref start, startRow, ref c10, ref c11);
                Load<TRows>(2, ref start, startRow, ref c20, ref c21);
                Load<TRows>(3, ref start, startRow, ref c30, ref c31);
                Load<TRows>(4, ref start, startRow, ref c40, ref c41);
                Load<TRows>(5, ref start, startRow, ref c50, ref c51);
            }

            float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
            var right = b;
            nint t = 0;
            for (var left = depth; left > 0; left--)
            {
                var b0 = TVector.Load(right);
                var b1 = TVector.Load(right + bHalf);
                Term<TRows>(0, a, t, b0, b1, ref c00, ref c01);
                Term<TRows>(1, a1, t, b0, b1, ref c10, ref c11);
                Term<TRows>(2, a2, t, b0, b1, ref c20, ref c21);
                Term<TRows>(3, a3, t, b0, b1, ref c30, ref c31);
                Term<TRows>(4, a4, t, b0, b1, ref c40, ref c41);
                Term<TRows>(5, a5, t, b0, b1, ref c50, ref c51);
                t += aStep;
                right += bStep;
            }

            Store<TRows, TFinish>(0, ref c, cRow, gap, c00, c01);
            Store<TRows, TFinish>(1, ref c, cRow, gap, c10, c11);
            Store<TRows, TFinish>(2, ref c, cRow, gap, c20, c21);
            Store<TRows, TFinish>(3, ref c, cRow, gap, c30, c31);
            Store<TRows, TFinish>(4, ref c, cRow, gap, c40, c41);
            Store<TRows, TFinish>(5, ref c, cRow, gap, c50, c51);
            a += TRows.Count * aRow;
        }
    }

    // A row that a tile does not have costs nothing: which rows it has is known when its code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TRows>(int row, ref float* from, nint step, ref TRegister sums0, ref TRegister sums1)
        where TRows : struct, ITileRows
    {
        if (TRows.Count > row)
        {
            sums0 = TVector.Load(from);
            sums1 = TVector.Load(from + TVector.Count);
            from += step;
        }
    }

    // One t for a row's sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TRows>(
        int row, float* a, nint t, TRegister b0, TRegister b1, ref TRegister sums0, ref TRegister sums1)
        where TRows : struct, ITileRows
    {
        if (TRows.Count > row)
        {
            var x = TVector.Broadcast(a[t]);
            sums0 = TVector.FusedMultiplyAdd(x, b0, sums0);
            sums1 = TVector.FusedMultiplyAdd(x, b1, sums1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows, TFinish>(int row, ref float* c, nint step, nint gap, TRegister sums0, TRegister sums1)
        where TRows : struct, ITileRows
        where TFinish : struct, ILayerFinish
    {
        if (TRows.Count > row)
        {
            TVector.Store(TFinish.Apply<TVector, TRegister>(sums0, c + gap), c);
            TVector.Store(TFinish.Apply<TVector, TRegister>(sums1, c + TVector.Count + gap), c + TVector.Count);
            c += step;
        }
    }
}
