using System.Runtime.CompilerServices;

namespace Involute.Tasks.Numerics;

/// <summary>The tile of <see cref="LayerProduct"/> for broad results: up to three rows of four registers of sums.</summary>
/// <remarks>
/// <para>Twelve sums, three numbers of A and one vector of B fill the sixteen registers of AVX2. It needs the fewest
/// instructions for a multiplication: nineteen for twelve, and four terms at a time share what the loop costs. Where a
/// processor's core serves two threads at once, half of its instructions are all that one of them gets.</para>
/// <para>In a small method of its own: in a large one the compiler spills the sums to memory.</para>
/// </remarks>
internal static unsafe class BroadTile
{
    /// <summary>Most rows of a tile.</summary>
    public const int MaxRows = 3;

    /// <summary>C[r, c] = finish(start[r, c] + Σ_t A[r, t] · B[t, c]), for several tiles of rows, one below the other.</summary>
    /// <param name="tiles">Number of tiles.</param>
    /// <param name="a">A[0, 0].</param>
    /// <param name="aRow">Floats from one row of A to the next.</param>
    /// <param name="aStep">Floats from A[r, t] to A[r, t + 1].</param>
    /// <param name="b">B[0, 0]; four registers are read for each t, two and two behind one another.</param>
    /// <param name="bHalf">Floats to the third register.</param>
    /// <param name="bStep">Floats from one t to the next.</param>
    /// <param name="c">C[0, 0]; four registers are written, one behind the other.</param>
    /// <param name="cRow">Floats from one row of C, and of the gate, to the next.</param>
    /// <param name="start">Four registers for each row; null for zeros.</param>
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

            float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, left = b, right = b + bHalf;
            TRegister x0, x1, x2, y;
            var t = depth;
            for (; t >= 4; t -= 4)
            {
                x0 = TVector.Broadcast(*a0);
                x1 = A<TVector, TRegister, TRows>(1, a1);
                x2 = A<TVector, TRegister, TRows>(2, a2);
                y = TVector.Load(left);
                c00 = TVector.FusedMultiplyAdd(x0, y, c00);
                c10 = Add<TVector, TRegister, TRows>(1, x1, y, c10);
                c20 = Add<TVector, TRegister, TRows>(2, x2, y, c20);
                y = TVector.Load(left + TVector.Count);
                c01 = TVector.FusedMultiplyAdd(x0, y, c01);
                c11 = Add<TVector, TRegister, TRows>(1, x1, y, c11);
                c21 = Add<TVector, TRegister, TRows>(2, x2, y, c21);
                y = TVector.Load(right);
                c02 = TVector.FusedMultiplyAdd(x0, y, c02);
                c12 = Add<TVector, TRegister, TRows>(1, x1, y, c12);
                c22 = Add<TVector, TRegister, TRows>(2, x2, y, c22);
                y = TVector.Load(right + TVector.Count);
                c03 = TVector.FusedMultiplyAdd(x0, y, c03);
                c13 = Add<TVector, TRegister, TRows>(1, x1, y, c13);
                c23 = Add<TVector, TRegister, TRows>(2, x2, y, c23);

                x0 = TVector.Broadcast(a0[aStep]);
                x1 = A<TVector, TRegister, TRows>(1, a1 + aStep);
                x2 = A<TVector, TRegister, TRows>(2, a2 + aStep);
                y = TVector.Load(left + bStep);
                c00 = TVector.FusedMultiplyAdd(x0, y, c00);
                c10 = Add<TVector, TRegister, TRows>(1, x1, y, c10);
                c20 = Add<TVector, TRegister, TRows>(2, x2, y, c20);
                y = TVector.Load(left + bStep + TVector.Count);
                c01 = TVector.FusedMultiplyAdd(x0, y, c01);
                c11 = Add<TVector, TRegister, TRows>(1, x1, y, c11);
                c21 = Add<TVector, TRegister, TRows>(2, x2, y, c21);
                y = TVector.Load(right + bStep);
                c02 = TVector.FusedMultiplyAdd(x0, y, c02);
                c12 = Add<TVector, TRegister, TRows>(1, x1, y, c12);
                c22 = Add<TVector, TRegister, TRows>(2, x2, y, c22);
                y = TVector.Load(right + bStep + TVector.Count);
                c03 = TVector.FusedMultiplyAdd(x0, y, c03);
                c13 = Add<TVector, TRegister, TRows>(1, x1, y, c13);
                c23 = Add<TVector, TRegister, TRows>(2, x2, y, c23);

                x0 = TVector.Broadcast(a0[aStep2]);
                x1 = A<TVector, TRegister, TRows>(1, a1 + aStep2);
                x2 = A<TVector, TRegister, TRows>(2, a2 + aStep2);
                y = TVector.Load(left + bStep2);
                c00 = TVector.FusedMultiplyAdd(x0, y, c00);
                c10 = Add<TVector, TRegister, TRows>(1, x1, y, c10);
                c20 = Add<TVector, TRegister, TRows>(2, x2, y, c20);
                y = TVector.Load(left + bStep2 + TVector.Count);
                c01 = TVector.FusedMultiplyAdd(x0, y, c01);
                c11 = Add<TVector, TRegister, TRows>(1, x1, y, c11);
                c21 = Add<TVector, TRegister, TRows>(2, x2, y, c21);
                y = TVector.Load(right + bStep2);
                c02 = TVector.FusedMultiplyAdd(x0, y, c02);
                c12 = Add<TVector, TRegister, TRows>(1, x1, y, c12);
                c22 = Add<TVector, TRegister, TRows>(2, x2, y, c22);
                y = TVector.Load(right + bStep2 + TVector.Count);
                c03 = TVector.FusedMultiplyAdd(x0, y, c03);
                c13 = Add<TVector, TRegister, TRows>(1, x1, y, c13);
                c23 = Add<TVector, TRegister, TRows>(2, x2, y, c23);

                x0 = TVector.Broadcast(a0[aStep3]);
                x1 = A<TVector, TRegister, TRows>(1, a1 + aStep3);
                x2 = A<TVector, TRegister, TRows>(2, a2 + aStep3);
                y = TVector.Load(left + bStep3);
                c00 = TVector.FusedMultiplyAdd(x0, y, c00);
                c10 = Add<TVector, TRegister, TRows>(1, x1, y, c10);
                c20 = Add<TVector, TRegister, TRows>(2, x2, y, c20);
                y = TVector.Load(left + bStep3 + TVector.Count);
                c01 = TVector.FusedMultiplyAdd(x0, y, c01);
                c11 = Add<TVector, TRegister, TRows>(1, x1, y, c11);
                c21 = Add<TVector, TRegister, TRows>(2, x2, y, c21);
                y = TVector.Load(right + bStep3);
                c02 = TVector.FusedMultiplyAdd(x0, y, c02);
                c12 = Add<TVector, TRegister, TRows>(1, x1, y, c12);
                c22 = Add<TVector, TRegister, TRows>(2, x2, y, c22);
                y = TVector.Load(right + bStep3 + TVector.Count);
                c03 = TVector.FusedMultiplyAdd(x0, y, c03);
                c13 = Add<TVector, TRegister, TRows>(1, x1, y, c13);
                c23 = Add<TVector, TRegister, TRows>(2, x2, y, c23);

                a0 += 4 * aStep;
                a1 += 4 * aStep;
                a2 += 4 * aStep;
                left += 4 * bStep;
                right += 4 * bStep;
            }

            for (; t > 0; t--)
            {
                x0 = TVector.Broadcast(*a0);
                x1 = A<TVector, TRegister, TRows>(1, a1);
                x2 = A<TVector, TRegister, TRows>(2, a2);
                y = TVector.Load(left);
                c00 = TVector.FusedMultiplyAdd(x0, y, c00);
                c10 = Add<TVector, TRegister, TRows>(1, x1, y, c10);
                c20 = Add<TVector, TRegister, TRows>(2, x2, y, c20);
                y = TVector.Load(left + TVector.Count);
                c01 = TVector.FusedMultiplyAdd(x0, y, c01);
                c11 = Add<TVector, TRegister, TRows>(1, x1, y, c11);
                c21 = Add<TVector, TRegister, TRows>(2, x2, y, c21);
                y = TVector.Load(right);
                c02 = TVector.FusedMultiplyAdd(x0, y, c02);
                c12 = Add<TVector, TRegister, TRows>(1, x1, y, c12);
                c22 = Add<TVector, TRegister, TRows>(2, x2, y, c22);
                y = TVector.Load(right + TVector.Count);
                c03 = TVector.FusedMultiplyAdd(x0, y, c03);
                c13 = Add<TVector, TRegister, TRows>(1, x1, y, c13);
                c23 = Add<TVector, TRegister, TRows>(2, x2, y, c23);
                a0 += aStep;
                a1 += aStep;
                a2 += aStep;
                left += bStep;
                right += bStep;
            }

            Store<TVector, TRegister, TFinish>(c, gap, c00, c01, c02, c03);
            c += cRow;

            if (TRows.Count > 1)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c10, c11, c12, c13);
                c += cRow;
            }

            if (TRows.Count > 2)
            {
                Store<TVector, TRegister, TFinish>(c, gap, c20, c21, c22, c23);
                c += cRow;
            }

            a += TRows.Count * aRow;
        }
    }

    // A row that a tile does not have costs nothing: which rows it has is known when its code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister A<TVector, TRegister, TRows>(int row, float* a)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TRows : struct, ITileRows => row < TRows.Count ? TVector.Broadcast(*a) : TVector.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Add<TVector, TRegister, TRows>(int row, TRegister x, TRegister y, TRegister sum)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TRows : struct, ITileRows => row < TRows.Count ? TVector.FusedMultiplyAdd(x, y, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TRegister, TFinish>(
        float* c, nint gap, TRegister sums0, TRegister sums1, TRegister sums2, TRegister sums3)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
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
