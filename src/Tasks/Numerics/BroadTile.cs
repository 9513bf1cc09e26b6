using System.Runtime.CompilerServices;

namespace Involute.Tasks.Numerics;

/// <summary>Up to three rows of four registers of sums, in two panels.</summary>
/// <remarks>
/// Twelve sums, three numbers of A and one vector of B fill the sixteen registers of AVX2. It needs the fewest
/// instructions for a multiplication: nineteen for twelve, and four terms at a time share what the loop costs.
/// </remarks>
/// <typeparam name="TVector">What is done with a register of eight.</typeparam>
/// <typeparam name="TRegister">The register.</typeparam>
internal readonly unsafe struct BroadTile<TVector, TRegister> : ILayerTile
    where TVector : struct, ITileVector<TRegister>
    where TRegister : struct
{
    /// <inheritdoc/>
    public static int MaxRows => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TFinish>(
        int tiles, float* a, nint aRow, nint aStep, float* b, nint bPanel, nint bStep, float* c, nint cRow, float* start,
        nint startRow, float* gate, int depth)
        where TRows : struct, ITileRows
        where TFinish : struct, ILayerFinish
    {
        var gap = gate is null ? 0 : (nint)(gate - c);
        nint aStep2 = 2 * aStep, aStep3 = 3 * aStep, bStep2 = 2 * bStep, bStep3 = 3 * bStep;
        for (; tiles > 0; tiles--)
        {
            TRegister c00 = TVector.Zero, c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00;
            TRegister c12 = c00, c13 = c00, c20 = c00, c21 = c00, c22 = c00, c23 = c00;
            if (start is not null)
            {
                var from = start;
                c00 = TVector.Load(from);
                c01 = TVector.Load(from + TVector.Count);
                c02 = TVector.Load(from + (2 * TVector.Count));
                c03 = TVector.Load(from + (3 * TVector.Count));

                if (TRows.Count > 1)
                {
                    c10 = TVector.Load(from += startRow);
                    c11 = TVector.Load(from + TVector.Count);
                    c12 = TVector.Load(from + (2 * TVector.Count));
                    c13 = TVector.Load(from + (3 * TVector.Count));
                }

                if (TRows.Count > 2)
                {
                    c20 = TVector.Load(from += startRow);
                    c21 = TVector.Load(from + TVector.Count);
                    c22 = TVector.Load(from + (2 * TVector.Count));
                    c23 = TVector.Load(from + (3 * TVector.Count));
                }

                start += TRows.Count * startRow;
            }

            float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, left = b, right = b + bPanel;
            var t = depth;
            for (; t >= 4; t -= 4)
            {
                Term<TRows>(
                    a0, a1, a2, 0, left, right, 0,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TRows>(
                    a0, a1, a2, aStep, left, right, bStep,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TRows>(
                    a0, a1, a2, aStep2, left, right, bStep2,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TRows>(
                    a0, a1, a2, aStep3, left, right, bStep3,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                a0 += 4 * aStep;
                a1 += 4 * aStep;
                a2 += 4 * aStep;
                left += 4 * bStep;
                right += 4 * bStep;
            }

            for (; t > 0; t--)
            {
                Term<TRows>(
                    a0, a1, a2, 0, left, right, 0,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                a0 += aStep;
                a1 += aStep;
                a2 += aStep;
                left += bStep;
                right += bStep;
            }

            Store<TFinish>(c, gap, c00, c01, c02, c03);
            c += cRow;

            if (TRows.Count > 1)
            {
                Store<TFinish>(c, gap, c10, c11, c12, c13);
                c += cRow;
            }

            if (TRows.Count > 2)
            {
                Store<TFinish>(c, gap, c20, c21, c22, c23);
                c += cRow;
            }

            a += TRows.Count * aRow;
        }
    }

    // One t for all sums. Pointers and places come apart: their sum would be an instruction of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TRows>(
        float* a0, float* a1, float* a2, nint aAt, float* left, float* right, nint bAt, ref TRegister c00, ref TRegister c01,
        ref TRegister c02, ref TRegister c03, ref TRegister c10, ref TRegister c11, ref TRegister c12, ref TRegister c13,
        ref TRegister c20, ref TRegister c21, ref TRegister c22, ref TRegister c23)
        where TRows : struct, ITileRows
    {
        var x0 = TVector.Broadcast(a0[aAt]);
        var x1 = TRows.Count > 1 ? TVector.Broadcast(a1[aAt]) : TVector.Zero;
        var x2 = TRows.Count > 2 ? TVector.Broadcast(a2[aAt]) : TVector.Zero;
        Column<TRows>(TVector.Load(left + bAt), x0, x1, x2, ref c00, ref c10, ref c20);
        Column<TRows>(TVector.Load(left + bAt + TVector.Count), x0, x1, x2, ref c01, ref c11, ref c21);
        Column<TRows>(TVector.Load(right + bAt), x0, x1, x2, ref c02, ref c12, ref c22);
        Column<TRows>(TVector.Load(right + bAt + TVector.Count), x0, x1, x2, ref c03, ref c13, ref c23);
    }

    // A row that a tile does not have costs nothing: which rows it has is known when its code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TRows>(
        TRegister b, TRegister x0, TRegister x1, TRegister x2, ref TRegister c0, ref TRegister c1, ref TRegister c2)
        where TRows : struct, ITileRows
    {
        c0 = TVector.FusedMultiplyAdd(x0, b, c0);
        if (TRows.Count > 1)
        {
            c1 = TVector.FusedMultiplyAdd(x1, b, c1);
        }

        if (TRows.Count > 2)
        {
            c2 = TVector.FusedMultiplyAdd(x2, b, c2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFinish>(
        float* c, nint gap, TRegister sums0, TRegister sums1, TRegister sums2, TRegister sums3)
        where TFinish : struct, ILayerFinish
    {
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums0, c + gap), c);
        c += TVector.Count;
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums1, c + gap), c);
        c += TVector.Count;
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums2, c + gap), c);
        c += TVector.Count;
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums3, c + gap), c);
    }
}
