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
            var t = depth;
            for (; t >= 4; t -= 4)
            {
                Term<TVector, TRegister, TRows>(
                    a0, a1, a2, 0, left, right, 0,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TVector, TRegister, TRows>(
                    a0, a1, a2, aStep, left, right, bStep,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TVector, TRegister, TRows>(
                    a0, a1, a2, aStep2, left, right, bStep2,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                Term<TVector, TRegister, TRows>(
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
                Term<TVector, TRegister, TRows>(
                    a0, a1, a2, 0, left, right, 0,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
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

    // One t for all sums. Pointers and places come apart: their sum would be an instruction of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TVector, TRegister, TRows>(
        float* a0, float* a1, float* a2, nint aAt, float* left, float* right, nint bAt, ref TRegister c00, ref TRegister c01,
        ref TRegister c02, ref TRegister c03, ref TRegister c10, ref TRegister c11, ref TRegister c12, ref TRegister c13,
        ref TRegister c20, ref TRegister c21, ref TRegister c22, ref TRegister c23)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TRows : struct, ITileRows
    {
        var x0 = TVector.Broadcast(a0[aAt]);
        var x1 = TRows.Count > 1 ? TVector.Broadcast(a1[aAt]) : TVector.Zero;
        var x2 = TRows.Count > 2 ? TVector.Broadcast(a2[aAt]) : TVector.Zero;
        Column<TVector, TRegister, TRows>(TVector.Load(left + bAt), x0, x1, x2, ref c00, ref c10, ref c20);
        Column<TVector, TRegister, TRows>(TVector.Load(left + bAt + TVector.Count), x0, x1, x2, ref c01, ref c11, ref c21);
        Column<TVector, TRegister, TRows>(TVector.Load(right + bAt), x0, x1, x2, ref c02, ref c12, ref c22);
        Column<TVector, TRegister, TRows>(TVector.Load(right + bAt + TVector.Count), x0, x1, x2, ref c03, ref c13, ref c23);
    }

    // A row that a tile does not have costs nothing: which rows it has is known when its code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TVector, TRegister, TRows>(
        TRegister b, TRegister x0, TRegister x1, TRegister x2, ref TRegister c0, ref TRegister c1, ref TRegister c2)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
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
