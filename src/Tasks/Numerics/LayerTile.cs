using System.Runtime.CompilerServices;

namespace Involute.Tasks.Numerics;

/// <summary>How many rows a tile has; a type, so that each number has code of its own.</summary>
internal interface ITileRows
{
    /// <summary>1 to 6.</summary>
    static abstract int Count { get; }
}

/// <summary>The tile of <see cref="LayerProduct"/>: up to six rows of two registers of sums.</summary>
/// <remarks>
/// Twelve sums, two vectors of B and one number of A fill the sixteen registers of AVX2. In a small method of its own: in
/// a large one the compiler spills the sums to memory.
/// </remarks>
internal static unsafe class LayerTile
{
    /// <summary>Most rows of a tile.</summary>
    public const int MaxRows = 6;

    /// <summary>C[r, c] = finish(start[r, c] + Σ_t A[r, t] · B[t, c]), for several tiles of rows, one below the other.</summary>
    /// <param name="tiles">Number of tiles.</param>
    /// <param name="a">A[0, 0].</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="aStep">Floats from A[r, t] to A[r, t + 1].</param>
    /// <param name="b">B[0, 0]; two registers are read for each t.</param>
    /// <param name="bHalf">Floats to the second register.</param>
    /// <param name="bStep">Floats from one t to the next.</param>
    /// <param name="c">C[0, 0]; two registers are written, one behind the other.</param>
    /// <param name="cRow">Floats from one row of C, and of the gate, to the next.</param>
    /// <param name="start">Two registers for each row; null for zeros.</param>
    /// <param name="startRow">Floats from one row of it to the next.</param>
    /// <param name="gate">Laid out as C; null where the finish reads none.</param>
    /// <param name="depth">Terms of a sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TVector, TRegister, TRows, TFinish>(
        int tiles, float* a, nint aRow, nint aStep, float* b, nint bHalf, nint bStep, float* c, nint cRow, float* start,
        nint startRow, float* gate, int depth)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TRows : struct, ITileRows
        where TFinish : struct, ILayerFinish
    {
        var gap = gate is null ? 0 : (nint)(gate - c);
        for (; tiles > 0; tiles--)
        {
            TRegister c00 = TVector.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
            TRegister c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
            if (start is not null)
            {
                var from = start;
                c00 = TVector.Load(from);
                c01 = TVector.Load(from + TVector.Count);

                if (TRows.Count > 1)
                {
                    c10 = TVector.Load(from += startRow);
                    c11 = TVector.Load(from + TVector.Count);
                }

                if (TRows.Count > 2)
                {
                    c20 = TVector.Load(from += startRow);
                    c21 = TVector.Load(from + TVector.Count);
                }

                if (TRows.Count > 3)
                {
                    c30 = TVector.Load(from += startRow);
                    c31 = TVector.Load(from + TVector.Count);
                }

                if (TRows.Count > 4)
                {
                    c40 = TVector.Load(from += startRow);
                    c41 = TVector.Load(from + TVector.Count);
                }

                if (TRows.Count > 5)
                {
                    c50 = TVector.Load(from += startRow);
                    c51 = TVector.Load(from + TVector.Count);
                }

                start += TRows.Count * startRow;
            }

            float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
            var right = b;
            nint t = 0;
            for (var left = depth; left > 0; left--)
            {
                var b0 = TVector.Load(right);
                var b1 = TVector.Load(right + bHalf);
                var x = TVector.Broadcast(a[t]);
                c00 = TVector.FusedMultiplyAdd(x, b0, c00);
                c01 = TVector.FusedMultiplyAdd(x, b1, c01);

                if (TRows.Count > 1)
                {
                    x = TVector.Broadcast(a1[t]);
                    c10 = TVector.FusedMultiplyAdd(x, b0, c10);
                    c11 = TVector.FusedMultiplyAdd(x, b1, c11);
                }

                if (TRows.Count > 2)
                {
                    x = TVector.Broadcast(a2[t]);
                    c20 = TVector.FusedMultiplyAdd(x, b0, c20);
                    c21 = TVector.FusedMultiplyAdd(x, b1, c21);
                }

                if (TRows.Count > 3)
                {
                    x = TVector.Broadcast(a3[t]);
                    c30 = TVector.FusedMultiplyAdd(x, b0, c30);
                    c31 = TVector.FusedMultiplyAdd(x, b1, c31);
                }

                if (TRows.Count > 4)
                {
                    x = TVector.Broadcast(a4[t]);
                    c40 = TVector.FusedMultiplyAdd(x, b0, c40);
                    c41 = TVector.FusedMultiplyAdd(x, b1, c41);
                }

                if (TRows.Count > 5)
                {
                    x = TVector.Broadcast(a5[t]);
                    c50 = TVector.FusedMultiplyAdd(x, b0, c50);
                    c51 = TVector.FusedMultiplyAdd(x, b1, c51);
                }

                t += aStep;
                right += bStep;
            }

            Store<TVector, TRegister, TFinish>(c, gap, c00, c01);
            c += cRow;

            if (TRows.Count > 1)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c10, c11);
                c += cRow;
            }

            if (TRows.Count > 2)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c20, c21);
                c += cRow;
            }

            if (TRows.Count > 3)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c30, c31);
                c += cRow;
            }

            if (TRows.Count > 4)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c40, c41);
                c += cRow;
            }

            if (TRows.Count > 5)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c50, c51);
                c += cRow;
            }

            a += TRows.Count * aRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TRegister, TFinish>(float* c, nint gap, TRegister sums0, TRegister sums1)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums0, c + gap), c);
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums1, c + TVector.Count + gap), c + TVector.Count);
    }
}
