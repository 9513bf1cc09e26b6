using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Sums of the columns of a matrix, each in the order of the rows.</summary>
internal static unsafe class ColumnSums
{
    private const int Panel = LayerProduct.Panel;

    /// <summary>sums[c] = Σ_r values[r, c].</summary>
    /// <param name="values">[rows, stride].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns, a multiple of sixteen.</param>
    /// <param name="sums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* values, nint stride, int rows, int columns, float* sums)
    {
        var column = 0;

        // A sum waits for the one before: four vectors of them are under way at a time.
        for (; column + (2 * Panel) <= columns; column += 2 * Panel)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
            var row = values + column;
            for (var r = 0; r < rows; r++, row += stride)
            {
                s0 += Vector256.Load(row);
                s1 += Vector256.Load(row + 8);
                s2 += Vector256.Load(row + 16);
                s3 += Vector256.Load(row + 24);
            }

            s0.Store(sums + column);
            s1.Store(sums + column + 8);
            s2.Store(sums + column + 16);
            s3.Store(sums + column + 24);
        }

        if (column < columns)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0;
            var row = values + column;
            for (var r = 0; r < rows; r++, row += stride)
            {
                s0 += Vector256.Load(row);
                s1 += Vector256.Load(row + 8);
            }

            s0.Store(sums + column);
            s1.Store(sums + column + 8);
        }
    }
}
