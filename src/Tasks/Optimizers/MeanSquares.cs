using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>Means of x² + ε over one dimension, each summed in double and in ascending order.</summary>
internal static unsafe class MeanSquares
{
    private const int Lanes = 4;

    /// <summary>Means over the rows of a matrix, one for each column.</summary>
    /// <param name="values">[<paramref name="rows"/> × <paramref name="columns"/>].</param>
    /// <param name="rows">Numbers of each mean.</param>
    /// <param name="columns">Number of means.</param>
    /// <param name="means">Receives [<paramref name="columns"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OverRows(float* values, int rows, int columns, float* means)
    {
        var epsilon = Vector256.Create(FactoredMoments.SquareEpsilon);
        var count = Vector256.Create((double)rows);
        var column = 0;
        for (; column <= columns - (4 * Lanes); column += 4 * Lanes)
        {
            var from = values + column;
            var s0 = Vector256<double>.Zero;
            Vector256<double> s1 = s0, s2 = s0, s3 = s0;
            for (var row = 0; row < rows; row++, from += columns)
            {
                s0 += Square(SquareSum.Widened(from), epsilon);
                s1 += Square(SquareSum.Widened(from + Lanes), epsilon);
                s2 += Square(SquareSum.Widened(from + (2 * Lanes)), epsilon);
                s3 += Square(SquareSum.Widened(from + (3 * Lanes)), epsilon);
            }

            Store(s0 / count, means + column);
            Store(s1 / count, means + column + Lanes);
            Store(s2 / count, means + column + (2 * Lanes));
            Store(s3 / count, means + column + (3 * Lanes));
        }

        for (; column <= columns - Lanes; column += Lanes)
        {
            var from = values + column;
            var sums = Vector256<double>.Zero;
            for (var row = 0; row < rows; row++, from += columns)
            {
                sums += Square(SquareSum.Widened(from), epsilon);
            }

            Store(sums / count, means + column);
        }

        for (; column < columns; column++)
        {
            means[column] = Of(values + column, columns, rows);
        }
    }

    /// <summary>Means over the columns of a matrix, one for each row.</summary>
    /// <param name="values">[<paramref name="rows"/> × <paramref name="columns"/>].</param>
    /// <param name="rows">Number of means.</param>
    /// <param name="columns">Numbers of each mean.</param>
    /// <param name="means">Receives [<paramref name="rows"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OverColumns(float* values, int rows, int columns, float* means)
    {
        var count = Vector256.Create((double)columns);
        var row = 0;
        for (; row <= rows - Lanes; row += Lanes, values += (nint)Lanes * columns)
        {
            Store(FourSums(values, columns) / count, means + row);
        }

        for (; row < rows; row++, values += columns)
        {
            means[row] = Of(values, 1, columns);
        }
    }

    /// <summary>Σ (x² + ε) of four lists, one behind the other; sum i in lane i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> FourSums(float* values, int length)
    {
        var epsilon = Vector256.Create(FactoredMoments.SquareEpsilon);
        float* v1 = values + length, v2 = v1 + length, v3 = v2 + length;
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; Avx.IsSupported && i <= length - Lanes; i += Lanes)
        {
            // Four by four, transposed.
            var a = Sse.UnpackLow(Vector128.Load(values + i), Vector128.Load(v1 + i)).AsDouble();
            var b = Sse.UnpackHigh(Vector128.Load(values + i), Vector128.Load(v1 + i)).AsDouble();
            var c = Sse.UnpackLow(Vector128.Load(v2 + i), Vector128.Load(v3 + i)).AsDouble();
            var d = Sse.UnpackHigh(Vector128.Load(v2 + i), Vector128.Load(v3 + i)).AsDouble();
            sums += Square(Avx.ConvertToVector256Double(Sse2.UnpackLow(a, c).AsSingle()), epsilon);
            sums += Square(Avx.ConvertToVector256Double(Sse2.UnpackHigh(a, c).AsSingle()), epsilon);
            sums += Square(Avx.ConvertToVector256Double(Sse2.UnpackLow(b, d).AsSingle()), epsilon);
            sums += Square(Avx.ConvertToVector256Double(Sse2.UnpackHigh(b, d).AsSingle()), epsilon);
        }

        for (; i < length; i++)
        {
            sums += Square(Vector256.Create((double)values[i], v1[i], v2[i], v3[i]), epsilon);
        }

        return sums;
    }

    private static float Of(float* values, nint stride, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++, values += stride)
        {
            sum += ((double)*values * *values) + FactoredMoments.SquareEpsilon;
        }

        return (float)(sum / count);
    }

    // The square of a float is exact in a double: there is one rounding, fused or not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Square(Vector256<double> x, Vector256<double> epsilon) =>
        Vector256.MultiplyAddEstimate(x, x, epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<double> values, float* to) =>
        Vector128.Narrow(values.GetLower(), values.GetUpper()).Store(to);
}
