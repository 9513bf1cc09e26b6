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

            Store<TFinish>(c, gap, c00, c01);
            c += cRow;

            if (TRows.Count > 1)
            {
                Store<TFinish>(c, gap, c10, c11);
                c += cRow;
            }

            if (TRows.Count > 2)
            {
                Store<TFinish>(c, gap, c20, c21);
                c += cRow;
            }

            if (TRows.Count > 3)
            {
                Store<TFinish>(c, gap, c30, c31);
                c += cRow;
            }

            if (TRows.Count > 4)
            {
                Store<TFinish>(c, gap, c40, c41);
                c += cRow;
            }

            if (TRows.Count > 5)
            {
                Store<TFinish>(c, gap, c50, c51);
                c += cRow;
            }

            a += TRows.Count * aRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFinish>(float* c, nint gap, TRegister sums0, TRegister sums1)
        where TFinish : struct, ILayerFinish
    {
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums0, c + gap), c);
        TVector.Store(TFinish.Apply<TVector, TRegister>(sums1, c + TVector.Count + gap), c + TVector.Count);
    }
}
