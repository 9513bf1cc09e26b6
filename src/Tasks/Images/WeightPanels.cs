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

    /// <summary>Floats that the panels of a layer take, in either direction.</summary>
    public static int Length(int inputs, int outputs) => checked(Math.Max(
        AlignedBuffer.Padded(outputs) * inputs, AlignedBuffer.Padded(inputs) * outputs));

    /// <summary>Whether a product may read the weights where they are: whole panels, and rows near to each other.</summary>
    public static bool CanBeReadInPlace(int outputs) => outputs is Panel or 2 * Panel;

    /// <summary>panel[c / 16][i, c mod 16] = weights[i, c].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* weights, int inputs, int outputs, float* panels)
    {
        for (var column = 0; column < outputs; column += Panel)
        {
            var from = weights + column;
            if (column + Panel <= outputs)
            {
                for (var i = 0; i < inputs; i++, from += outputs, panels += Panel)
                {
                    Vector256.Load(from).Store(panels);
                    Vector256.Load(from + 8).Store(panels + 8);
                }
            }
            else
            {
                PackNarrow(from, inputs, outputs, outputs - column, panels);
            }
        }
    }

    /// <summary>panel[i / 16][c, i mod 16] = weights[i, c].</summary>
    public static void PackTransposed(float* weights, int inputs, int outputs, float* panels)
    {
        for (var first = 0; first < inputs; first += Panel, panels += Panel * outputs)
        {
            PackColumns(weights + (first * outputs), Math.Min(Panel, inputs - first), outputs, panels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackNarrow(float* from, int inputs, int outputs, int columns, float* panel)
    {
        for (var i = 0; i < inputs; i++, from += outputs, panel += Panel)
        {
            Vector256<float>.Zero.Store(panel);
            Vector256<float>.Zero.Store(panel + 8);
            for (var c = 0; c < columns; c++)
            {
                panel[c] = from[c];
            }
        }
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
