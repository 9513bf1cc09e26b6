using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Images;

/// <summary>Weights [in, out] in panels of sixteen columns, as <see cref="LayerProduct"/> reads its right factor.</summary>
/// <remarks>
/// Rows of weights that are a power of two apart would meet in few sets of the first-level cache; a panel is one piece of
/// memory. Columns behind the last one are 0.
/// </remarks>
internal static unsafe class WeightPanels
{
    private const int Panel = LayerProduct.Panel;

    /// <summary>Columns that are packed, and met by all examples, before the next ones: they stay in the first-level cache.</summary>
    public const int Strip = 2 * Panel;

    /// <summary>Floats that a strip of a layer's weights takes, or all of them in the other direction, or their gradient.</summary>
    public static int Length(int inputs, int outputs) =>
        checked(Math.Max(Strip * inputs, AlignedBuffer.Padded(inputs) * outputs));

    /// <summary>Whether a product may read the weights where they are: whole panels, and rows near to each other.</summary>
    public static bool CanBeReadInPlace(int outputs) => outputs is Panel or 2 * Panel;

    /// <summary>panel[c / 16][i, c mod 16] = weights[i, c].</summary>
    /// <param name="weights">The first row's first column.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="panels">Receives whole panels.</param>
    /// <returns>True if no weight is infinite or NaN. It is seen here, where weights come from memory anyway.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Pack(float* weights, int stride, int rows, int columns, float* panels)
    {
        Vector256<int> largest0 = Vector256<int>.Zero, largest1 = largest0, largest2 = largest0, largest3 = largest0;
        for (; columns >= Strip; columns -= Strip, weights += Strip)
        {
            var from = weights;
            var right = panels + (rows * Panel);
            for (var i = 0; i < rows; i++, from += stride, panels += Panel, right += Panel)
            {
                Copy(from, panels, ref largest0);
                Copy(from + 8, panels + 8, ref largest1);
                Copy(from + 16, right, ref largest2);
                Copy(from + 24, right + 8, ref largest3);
            }

            panels = right;
        }

        if (columns >= Panel)
        {
            var from = weights;
            for (var i = 0; i < rows; i++, from += stride, panels += Panel)
            {
                Copy(from, panels, ref largest0);
                Copy(from + 8, panels + 8, ref largest1);
            }

            columns -= Panel;
            weights += Panel;
        }

        var largest = Vector256.Max(Vector256.Max(largest0, largest1), Vector256.Max(largest2, largest3));

        // Bits of magnitudes are in the order of the numbers; NaN follows the infinite one.
        var infinite = Vector256.Create(float.PositiveInfinity).AsInt32();
        var finite = Vector256.LessThanAll(largest, infinite);
        return columns > 0 ? PackNarrow(weights, stride, rows, columns, panels) && finite : finite;
    }

    /// <summary>panel[i / 16][c, i mod 16] = weights[i, c].</summary>
    public static void PackTransposed(float* weights, int inputs, int outputs, float* panels)
    {
        for (var first = 0; first < inputs; first += Panel, panels += Panel * outputs)
        {
            PackColumns(weights + (first * outputs), Math.Min(Panel, inputs - first), outputs, panels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, ref Vector256<int> largestMagnitude)
    {
        var weights = Vector256.Load(from);
        weights.Store(to);
        largestMagnitude = Vector256.Max(largestMagnitude, weights.AsInt32() & Vector256.Create(int.MaxValue));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool PackNarrow(float* from, int stride, int rows, int columns, float* panel)
    {
        var finite = true;
        for (var i = 0; i < rows; i++, from += stride, panel += Panel)
        {
            Vector256<float>.Zero.Store(panel);
            Vector256<float>.Zero.Store(panel + 8);
            for (var c = 0; c < columns; c++)
            {
                panel[c] = from[c];
                finite &= float.IsFinite(from[c]);
            }
        }

        return finite;
    }

    // One panel: blocks of eight by eight where there are any, the rest one by one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(float* weights, int rows, int outputs, float* panel)
    {
        var blockColumns = rows == Panel ? outputs / 8 * 8 : 0;
        if (blockColumns > 0)
        {
            Transposition.Run(weights, outputs, panel, Panel, Panel, blockColumns);
        }

        for (var c = blockColumns; c < outputs; c++)
        {
            var to = panel + (c * Panel);
            var from = weights + c;
            for (var i = 0; i < rows; i++, from += outputs)
            {
                to[i] = *from;
            }

            for (var i = rows; i < Panel; i++)
            {
                to[i] = 0;
            }
        }
    }
}
