using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Averages of g² over rows and columns of a tensor: second moments in less memory than the tensor itself.
/// </summary>
/// <remarks>
/// For each of three decays the state holds the rows and then the columns of a tensor. Sums run in double, in ascending
/// order. Shazeer and Stern, "Adafactor", arXiv 1804.04235.
/// </remarks>
internal static unsafe class FactoredMoments
{
    /// <summary>Number of decays.</summary>
    public const int Decays = 3;

    private static readonly string[] Names = ["0.9", "0.99", "0.999"];

    /// <summary>Keeps the averages of a gradient that is 0 away from 0, as Adafactor does.</summary>
    public const double SquareEpsilon = 1e-30;

    /// <summary>Added to a mean of rows before they are divided by it.</summary>
    public const float MeanEpsilon = 1e-9f;

    /// <summary>Floats of state for a tensor.</summary>
    public static int StateLength(TensorSlice tensor)
    {
        if (tensor.Shape.Count < 2)
        {
            return Decays * tensor.Length;
        }

        var factoring = Factoring.Of(tensor.Shape);
        return Decays * (factoring.Rows + factoring.Columns);
    }

    /// <summary>Names the averages of all tensors, which lie one behind the other.</summary>
    /// <remarks>
    /// <c>row0.9/tensor</c> and <c>column0.9/tensor</c>, each a list; for a scalar or vector <c>v0.9/tensor</c>, of its
    /// shape.
    /// </remarks>
    public static IEnumerable<TensorSlice> Describe(IReadOnlyList<TensorSlice> tensors, int offset)
    {
        foreach (var tensor in tensors)
        {
            var start = offset;
            foreach (var decay in Names)
            {
                if (tensor.Shape.Count < 2)
                {
                    yield return new TensorSlice($"v{decay}/{tensor.Name}", start, tensor.Shape);
                    start += tensor.Length;
                    continue;
                }

                var factoring = Factoring.Of(tensor.Shape);
                yield return new TensorSlice($"row{decay}/{tensor.Name}", start, [factoring.Rows]);
                yield return new TensorSlice(
                    $"column{decay}/{tensor.Name}", start + factoring.Rows, [factoring.Columns]);
                start += factoring.Rows + factoring.Columns;
            }

            offset += StateLength(tensor);
        }
    }

    /// <summary>Updates the averages of a tensor of rank 2 or more.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="state">The tensor's averages.</param>
    /// <param name="gradient">Of the tensor.</param>
    /// <param name="rates">1 − decay, [3].</param>
    /// <param name="means">Room for [rows + columns].</param>
    public static void Add(
        in Factoring shape, float* state, float* gradient, ReadOnlySpan<float> rates, float* means)
    {
        var withoutY = shape.LaterIsLargest ? means : means + shape.Rows;
        var withoutX = shape.LaterIsLargest ? means + shape.Rows : means;
        var (lines, rest) = (shape.A * shape.X * shape.B, shape.B * shape.Y * shape.C);
        if (shape.C == 1)
        {
            MeanSquares.OverColumns(gradient, lines, shape.Y, withoutY);
        }
        else
        {
            for (var line = 0; line < lines; line++)
            {
                MeanSquares.OverRows(
                    gradient + ((nint)line * shape.Y * shape.C), shape.Y, shape.C, withoutY + (line * shape.C));
            }
        }

        for (var a = 0; a < shape.A; a++)
        {
            MeanSquares.OverRows(gradient + ((nint)a * shape.X * rest), shape.X, rest, withoutX + (a * rest));
        }

        var count = shape.Rows + shape.Columns;
        for (var decay = 0; decay < Decays; decay++)
        {
            MovingAverages.AddAny(state + (decay * count), means, count, rates[decay]);
        }
    }

    /// <summary>Updates the averages of a scalar or vector, one per element.</summary>
    /// <param name="length">Elements of the tensor.</param>
    /// <param name="state">The tensor's averages.</param>
    /// <param name="gradient">Of the tensor.</param>
    /// <param name="rates">1 − decay, [3].</param>
    /// <param name="means">Room for [length].</param>
    public static void AddUnfactored(
        int length, float* state, float* gradient, ReadOnlySpan<float> rates, float* means)
    {
        MeanSquares.OverRows(gradient, 1, length, means);
        for (var decay = 0; decay < Decays; decay++)
        {
            MovingAverages.AddAny(state + (decay * length), means, length, rates[decay]);
        }
    }

    /// <summary>1 / √(row / mean of the rows along the second largest dimension), for each decay.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="state">The tensor's averages; up to seven floats behind the rows are read.</param>
    /// <param name="factors">Receives [3 × <paramref name="stride"/>]; all but the rows' are without meaning.</param>
    /// <param name="stride">Floats from one decay's factors to the next; at least seven more than rows.</param>
    public static void RowFactors(in Factoring shape, float* state, float* factors, int stride)
    {
        // Rows without Y lie as (a, x, bc) and are averaged along x; without X as (ab, y, c) and along y.
        var (outer, count, inner) = shape.LaterIsLargest
            ? (shape.A, shape.X, shape.B * shape.C)
            : (shape.A * shape.B, shape.Y, shape.C);
        for (var decay = 0; decay < Decays; decay++, state += shape.Rows + shape.Columns, factors += stride)
        {
            // Ascending: what is written behind one part belongs to the next.
            for (var first = 0; first < outer * count * inner; first += count * inner)
            {
                if (inner == 1)
                {
                    Relative(state + first, count, Mean(state + first, 1, count) + MeanEpsilon, factors + first);
                    continue;
                }

                for (var i = first; i < first + inner; i++)
                {
                    var mean = Mean(state + i, inner, count) + MeanEpsilon;
                    for (var at = i; at < i + (count * inner); at += inner)
                    {
                        factors[at] = 1 / MathF.Sqrt(Math.Max(state[at] / mean, AdafacFeatures.LeastSquare));
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Relative(float* rows, int count, float mean, float* factors)
    {
        var (means, least) = (Vector256.Create(mean), Vector256.Create(AdafacFeatures.LeastSquare));
        for (var i = 0; i < count; i += Vector256<float>.Count)
        {
            var relative = Vector256.Max(Vector256.Load(rows + i) / means, least);
            (Vector256<float>.One / Vector256.Sqrt(relative)).Store(factors + i);
        }
    }

    private static float Mean(float* values, int stride, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += values[(nint)i * stride];
        }

        return (float)(sum / count);
    }
}
