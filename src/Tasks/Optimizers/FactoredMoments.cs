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
    public static void Add(in Factoring shape, float* state, float* gradient, ReadOnlySpan<float> rates)
    {
        var stride = shape.Rows + shape.Columns;
        var withoutY = shape.LaterIsLargest ? state : state + shape.Rows;
        var withoutX = shape.LaterIsLargest ? state + shape.Rows : state;
        for (var ax = 0; ax < shape.A * shape.X; ax++)
        {
            for (var b = 0; b < shape.B; b++)
            {
                for (var c = 0; c < shape.C; c++)
                {
                    var line = gradient + ((((ax * shape.B) + b) * shape.Y * shape.C) + c);
                    AddAll(withoutY++, stride, MeanSquare(line, shape.C, shape.Y), rates);
                }
            }
        }

        var rest = shape.B * shape.Y * shape.C;
        for (var a = 0; a < shape.A; a++)
        {
            for (var byc = 0; byc < rest; byc++)
            {
                var line = gradient + (a * shape.X * rest) + byc;
                AddAll(withoutX++, stride, MeanSquare(line, rest, shape.X), rates);
            }
        }
    }

    /// <summary>Updates the averages of a scalar or vector, one per element.</summary>
    public static void AddUnfactored(int length, float* state, float* gradient, ReadOnlySpan<float> rates)
    {
        for (var i = 0; i < length; i++)
        {
            AddAll(state + i, length, MeanSquare(gradient + i, 1, 1), rates);
        }
    }

    /// <summary>1 / √(row / mean of the rows along the second largest dimension), for each decay.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="state">The tensor's averages.</param>
    /// <param name="factors">Receives [3 × rows].</param>
    public static void RowFactors(in Factoring shape, float* state, float* factors)
    {
        // Rows without Y lie as (a, x, bc) and are averaged along x; without X as (ab, y, c) and along y.
        var (outer, count, stride) = shape.LaterIsLargest
            ? (shape.A, shape.X, shape.B * shape.C)
            : (shape.A * shape.B, shape.Y, shape.C);
        for (var decay = 0; decay < Decays; decay++, state += shape.Rows + shape.Columns, factors += shape.Rows)
        {
            for (var o = 0; o < outer; o++)
            {
                for (var i = 0; i < stride; i++)
                {
                    var first = (o * count * stride) + i;
                    var mean = Mean(state + first, stride, count) + MeanEpsilon;
                    for (var n = 0; n < count; n++)
                    {
                        var at = first + (n * stride);
                        factors[at] = 1 / MathF.Sqrt(Math.Max(state[at] / mean, AdafacFeatures.LeastSquare));
                    }
                }
            }
        }
    }

    private static void AddAll(float* averages, int stride, float value, ReadOnlySpan<float> rates)
    {
        for (var decay = 0; decay < Decays; decay++, averages += stride)
        {
            MovingAverages.Add(ref *averages, value, rates[decay]);
        }
    }

    private static float MeanSquare(float* values, int stride, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var value = (double)values[(nint)i * stride];
            sum += (value * value) + SquareEpsilon;
        }

        return (float)(sum / count);
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
