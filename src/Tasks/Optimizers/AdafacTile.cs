using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using static Involute.Tasks.Optimizers.AdafacTerms;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// The usual network of <see cref="AdafacMlpOptimizer"/> for two registers of a tensor's elements: each feature is computed in registers and
/// goes into the first layer's sums at once, and the layers behind it follow there.
/// </summary>
/// <remarks>
/// <para>The bits are those of <see cref="AdafacKernels"/> and <see cref="NetworkTiles"/>: each feature has the same products in the same
/// order, and each sum is one chain of fused multiply-adds in the order of the features or units. Eight registers of sums, two of features and
/// those of weights and factors fit in the sixteen of AVX2.</para>
/// <para>A register holds elements of one line; what of it reaches behind the line's end is computed too, from the next line's elements, and
/// its outputs give way to those. Or it holds elements that follow each other, for which tables of rows and columns are written down.</para>
/// </remarks>
internal static unsafe class AdafacTile
{
    private const int Units = 4;
    private const int Decays = FactoredMoments.Decays;
    private const nint To = ElementRule.DirectStride;

    /// <summary>Whether a network has the layers of this tile.</summary>
    public static bool Is(OptimizerNetwork network) =>
        network.Widths is [AdafacKernels.Features + TimeFeatures.Count, Units, Units, OptimizerNetwork.Outputs];

    /// <summary>Floats of a register.</summary>
    public static int Register => Vector512.IsHardwareAccelerated ? Floats16.Count : Floats8.Count;

    /// <summary>Elements, from a matrix's first on, that may be computed line by line; none where lines leave registers half empty.</summary>
    /// <param name="shape">Of the matrix.</param>
    /// <param name="register">Floats of a register.</param>
    public static int ElementsOfLines(in Factoring shape, int register)
    {
        var registers = (shape.Y + register - 1) / register;
        if (2 * shape.Y < registers * register)
        {
            return 0;
        }

        // What the last register of a line reads behind it must belong to the matrix.
        var behind = (registers * register) - shape.Y;
        var lines = shape.X - ((behind + shape.Y - 1) / shape.Y);
        return Math.Max(lines, 0) * shape.Y;
    }

    /// <summary>The outputs for some elements.</summary>
    /// <param name="operands">Of the tensor.</param>
    /// <param name="count">From <see cref="ElementsOfLines"/>, or whole registers.</param>
    /// <param name="from">Index of the first element: 0, or what was returned.</param>
    /// <param name="outputs">
    /// Receives [2 × <see cref="ElementRule.DirectStride"/>], of <see cref="ElementRule.DirectElements"/> elements at most; some more are
    /// overwritten.
    /// </param>
    /// <returns>Index of the first element that was not computed.</returns>
    public static int Run(in AdafacOperands operands, int count, int from, float* outputs) =>
        Vector512.IsHardwareAccelerated
            ? Run<Floats16, Vector512<float>>(operands, count, from, outputs)
            : Run<Floats8, Vector256<float>>(operands, count, from, outputs);

    /// <summary>The same, with registers of a certain width; no bit depends on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Run<TVector, TRegister>(in AdafacOperands operands, int count, int from, float* outputs)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var length = operands.Tables.LineLength;
        var (line, place) = Math.DivRem(from, length);
        var next = from;
        while (next < count)
        {
            // Two registers, or the last one twice.
            var (line0, place0, element0) = (line, place, next);
            var end = Advance<TVector, TRegister>(ref line, ref place, next, length);
            var (line1, place1, element1) = end < count ? (line, place, end) : (line0, place0, element0);
            end = end < count ? Advance<TVector, TRegister>(ref line, ref place, end, length) : end;
            if (end - from > ElementRule.DirectElements)
            {
                break;
            }

            var to0 = outputs + (element0 - from);
            var to1 = outputs + (element1 - from);
            var done = operands.Cleared is not null && Outputs<TVector, TRegister, Guarded>(
                operands, element0, element1, line0, line1, place0, place1, to0, to1);
            if (!done)
            {
                Outputs<TVector, TRegister, Unguarded>(operands, element0, element1, line0, line1, place0, place1, to0, to1);
            }

            next = end;
        }

        return next;
    }

    // Goes behind one register; returns the index of the element that follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Advance<TVector, TRegister>(ref int line, ref int place, int element, int length)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var elements = Math.Min(TVector.Count, length - place);
        (line, place) = place + elements == length ? (line + 1, 0) : (line, place + elements);
        return element + elements;
    }

    private static bool Outputs<TVector, TRegister, TGuard>(
        in AdafacOperands operands, int element0, int element1, int line0, int line1, int place0, int place1, float* to0, float* to1)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TGuard : struct, ISumGuard => operands.Tables.AreOfElements
        ? Outputs<TVector, TRegister, Written, OfPlace, OfPlace, TGuard>(
            operands, element0, element1, line0, line1, place0, place1, to0, to1)
        : operands.Tables.RowsLackY
            ? Outputs<TVector, TRegister, OfBoth, OfLine, OfPlace, TGuard>(
                operands, element0, element1, line0, line1, place0, place1, to0, to1)
            : Outputs<TVector, TRegister, OfBoth, OfPlace, OfLine, TGuard>(
                operands, element0, element1, line0, line1, place0, place1, to0, to1);

    // Guarded, it returns whether each sum was large enough for a tiny momentum to change nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Outputs<TVector, TRegister, TFactors, TRows, TColumns, TGuard>(
        in AdafacOperands operands,
        nint element0,
        nint element1,
        nint line0,
        nint line1,
        nint place0,
        nint place1,
        float* to0,
        float* to1)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFactors : struct, IFactors
        where TRows : struct, ISpread
        where TColumns : struct, ISpread
        where TGuard : struct, ISumGuard
    {
        var averages = (TGuard.IsOn ? operands.Cleared : operands.Averages) + element0;
        var least = TVector.Broadcast(TinyMomenta.LeastSum);
        float* w = operands.Weights, scale = operands.Scales, bias = operands.Biases;
        var c00 = TVector.Broadcast(bias[0]);
        var c10 = TVector.Broadcast(bias[1]);
        var c20 = TVector.Broadcast(bias[2]);
        var c30 = TVector.Broadcast(bias[3]);
        TRegister c01 = c00, c11 = c10, c21 = c20, c31 = c30;

        // g, p
        var apart = element1 - element0;
        var from = operands.Gradient + element0;
        var s = TVector.Broadcast(*scale++);
        Term<TVector, TRegister>(
            TVector.Multiply(TVector.Load(from), s), TVector.Multiply(TVector.Load(from + apart), s),
            w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        w += Units;
        from = operands.Parameters + element0;
        s = TVector.Broadcast(*scale++);
        Term<TVector, TRegister>(
            TVector.Multiply(TVector.Load(from), s), TVector.Multiply(TVector.Load(from + apart), s),
            w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        w += Units;

        // m [3], r
        var slot = operands.Slot;
        from = averages;
        for (var i = 0; i <= Decays; i++, from += slot, w += Units)
        {
            if (TGuard.IsOn && TinyMomenta.Has(operands.Tiny, i))
            {
                least = Least<TVector, TRegister>(least, c00, c01, c10, c11, c20, c21, c30, c31);
            }

            s = TVector.Broadcast(*scale++);
            Term<TVector, TRegister>(
                TVector.Multiply(TVector.Load(from), s), TVector.Multiply(TVector.Load(from + apart), s),
                w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        }

        // m/√(r+1e-6) [3], 1/√(r+1e-6)
        from = averages;
        var inverse0 = TVector.Load(operands.InverseRoots + element0);
        var inverse1 = TVector.Load(operands.InverseRoots + element1);
        for (var i = 0; i < Decays; i++, from += slot, w += Units)
        {
            if (TGuard.IsOn && TinyMomenta.Has(operands.Tiny, i))
            {
                least = Least<TVector, TRegister>(least, c00, c01, c10, c11, c20, c21, c30, c31);
            }

            s = TVector.Broadcast(*scale++);
            Term<TVector, TRegister>(
                TVector.Multiply(TVector.Multiply(inverse0, TVector.Load(from)), s),
                TVector.Multiply(TVector.Multiply(inverse1, TVector.Load(from + apart)), s),
                w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        }

        s = TVector.Broadcast(*scale++);
        Term<TVector, TRegister>(
            TVector.Multiply(inverse0, s), TVector.Multiply(inverse1, s),
            w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        w += Units;

        // g · f [3]
        from = operands.Gradient + element0;
        DecayTables ofLines = operands.Tables.FactorsOfLines, ofPlaces = operands.Tables.FactorsOfPlaces;
        float* ofLine = ofLines.First, ofPlace = ofPlaces.First;
        for (var i = 0; i < Decays; i++, ofLine += ofLines.Stride, ofPlace += ofPlaces.Stride, w += Units)
        {
            s = TVector.Broadcast(*scale++);
            Term<TVector, TRegister>(
                Factored<TVector, TRegister, TFactors>(ofLine, ofPlace, line0, place0, from, s),
                Factored<TVector, TRegister, TFactors>(ofLine, ofPlace, line1, place1, from + apart, s),
                w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        }

        // row [3], column [3], and then their roots; scaled already
        DecayTables rows = operands.Tables.Rows, columns = operands.Tables.Columns;
        for (var kind = 0; kind < 2; kind++)
        {
            float* row = rows.First, column = columns.First;
            for (var i = 0; i < Decays; i++, row += rows.Stride, w += Units)
            {
                Term<TVector, TRegister>(
                    TRows.At<TVector, TRegister>(row, line0, place0), TRows.At<TVector, TRegister>(row, line1, place1),
                    w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            }

            for (var i = 0; i < Decays; i++, column += columns.Stride, w += Units)
            {
                Term<TVector, TRegister>(
                    TColumns.At<TVector, TRegister>(column, line0, place0), TColumns.At<TVector, TRegister>(column, line1, place1),
                    w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            }

            (rows, columns) = (operands.Tables.RowRoots, operands.Tables.ColumnRoots);
        }

        // m · f [3]
        scale = operands.Scales + AdafacKernels.FactoredMomentum;
        from = averages;
        ofLine = ofLines.First;
        ofPlace = ofPlaces.First;
        for (var i = 0; i < Decays; i++, from += slot, ofLine += ofLines.Stride, ofPlace += ofPlaces.Stride, w += Units)
        {
            if (TGuard.IsOn && TinyMomenta.Has(operands.Tiny, i))
            {
                least = Least<TVector, TRegister>(least, c00, c01, c10, c11, c20, c21, c30, c31);
            }

            s = TVector.Broadcast(*scale++);
            Term<TVector, TRegister>(
                Factored<TVector, TRegister, TFactors>(ofLine, ofPlace, line0, place0, from, s),
                Factored<TVector, TRegister, TFactors>(ofLine, ofPlace, line1, place1, from + apart, s),
                w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
        }

        c00 = TVector.Rectify(c00);
        c01 = TVector.Rectify(c01);
        c10 = TVector.Rectify(c10);
        c11 = TVector.Rectify(c11);
        c20 = TVector.Rectify(c20);
        c21 = TVector.Rectify(c21);
        c30 = TVector.Rectify(c30);
        c31 = TVector.Rectify(c31);

        // The second layer.
        w = operands.Weights + ((AdafacKernels.Features + TimeFeatures.Count + 1) * Units);
        bias = w + (Units * Units);
        var d00 = TVector.Broadcast(bias[0]);
        var d10 = TVector.Broadcast(bias[1]);
        var d20 = TVector.Broadcast(bias[2]);
        var d30 = TVector.Broadcast(bias[3]);
        TRegister d01 = d00, d11 = d10, d21 = d20, d31 = d30;
        Term<TVector, TRegister>(
            c00, c01, w, ref d00, ref d01, ref d10, ref d11, ref d20, ref d21, ref d30, ref d31);
        Term<TVector, TRegister>(
            c10, c11, w + Units, ref d00, ref d01, ref d10, ref d11, ref d20, ref d21, ref d30, ref d31);
        Term<TVector, TRegister>(
            c20, c21, w + (2 * Units), ref d00, ref d01, ref d10, ref d11, ref d20, ref d21, ref d30, ref d31);
        Term<TVector, TRegister>(
            c30, c31, w + (3 * Units), ref d00, ref d01, ref d10, ref d11, ref d20, ref d21, ref d30, ref d31);

        // The outputs.
        w = bias + Units;
        bias = w + (Units * OptimizerNetwork.Outputs);
        var direction0 = TVector.Broadcast(bias[0]);
        var magnitude0 = TVector.Broadcast(bias[1]);
        TRegister direction1 = direction0, magnitude1 = magnitude0;
        Output<TVector, TRegister>(
            TVector.Rectify(d00), TVector.Rectify(d01), w, ref direction0, ref direction1, ref magnitude0, ref magnitude1);
        Output<TVector, TRegister>(
            TVector.Rectify(d10), TVector.Rectify(d11), w + 2, ref direction0, ref direction1, ref magnitude0, ref magnitude1);
        Output<TVector, TRegister>(
            TVector.Rectify(d20), TVector.Rectify(d21), w + 4, ref direction0, ref direction1, ref magnitude0, ref magnitude1);
        Output<TVector, TRegister>(
            TVector.Rectify(d30), TVector.Rectify(d31), w + 6, ref direction0, ref direction1, ref magnitude0, ref magnitude1);
        TVector.Store(direction0, to0);
        TVector.Store(magnitude0, to0 + To);
        TVector.Store(direction1, to1);
        TVector.Store(magnitude1, to1 + To);
        return TVector.AreAtLeast(least, TinyMomenta.LeastSum);
    }
}
