using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>
/// Elements, of one tensor or of several that follow each other, whose features stand ready for the network.
/// </summary>
/// <remarks>Tensors share blocks, so that small ones and the ends of large ones leave no tile half empty.</remarks>
internal unsafe struct ElementBlock
{
    /// <summary>Elements of a full block: two strips of the network.</summary>
    public const int Columns = 2 * OptimizerNetwork.Strip;

    /// <summary>Floats from one feature to the next: a vector may begin at the last column.</summary>
    public const int Stride = Columns + 16;

    /// <summary>Features, [features × <see cref="Stride"/>].</summary>
    public float* Features { get; init; }

    /// <summary>The parameter of the first column.</summary>
    public float* Parameters { get; private set; }

    /// <summary>Columns that are taken.</summary>
    public int Count { get; private set; }

    /// <summary>Columns that are free.</summary>
    public readonly int Free => Columns - Count;

    /// <summary>Where the next element's features go.</summary>
    public readonly float* Next => Features + Count;

    /// <summary>Whether this parameter may be the next: the columns are one piece of memory.</summary>
    public readonly bool Takes(float* parameter) => Count == 0 || parameter == Parameters + Count;

    /// <summary>Counts elements whose features were written.</summary>
    public void Add(float* parameters, int count)
    {
        Parameters = Count == 0 ? parameters : Parameters;
        Count += count;
    }

    /// <summary>Empties the block.</summary>
    public void Clear() => Count = 0;

    /// <summary>Writes zeros behind the numbers of each feature, up to a multiple of 16.</summary>
    public static void ClearBehind(float* block, int features, int count)
    {
        var zeros = AlignedBuffer.Padded(count) - count;
        for (var f = 0; f < features; f++, block += Stride)
        {
            new Span<float>(block + count, zeros).Clear();
        }
    }

    /// <summary>Numbers times a scale, nothing behind them read or written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* values, int count, float scale, float* to)
    {
        var scales = Vector256.Create(scale);
        var i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Load(values + i) * scales).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = values[i] * scale;
        }
    }

    /// <summary>The same, times a lift, as <see cref="Subnormals.LiftedProduct"/> has it.</summary>
    /// <param name="values">Numbers of one tensor.</param>
    /// <param name="count">How many.</param>
    /// <param name="scale">
    /// 1 / √(<see cref="ElementRule.MeanSquareEpsilon"/> + mean square over the tensor), so that no product is above the root of
    /// the tensor's length.
    /// </param>
    /// <param name="lift"><see cref="Subnormals.Lift"/> or 1.</param>
    /// <param name="to">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleLifted(float* values, int count, float scale, float lift, float* to)
    {
        if (lift == 1 || !(scale >= Subnormals.LeastScale))
        {
            Scale(values, count, scale, to);
            if (lift != 1)
            {
                Scale(to, count, lift, to);
            }

            return;
        }

        var scales = Vector256.Create(scale * lift);
        var least = Subnormals.LeastFactor(scale);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> wideScales = Vector512.Create(scales, scales), wideLeast = Vector512.Create(least, least);
            for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var x = Vector512.Load(values + i);
                (Subnormals.AnyBelow(x, wideLeast)
                    ? Vector512.Create(Subnormals.LiftedProduct(x.GetLower(), scale), Subnormals.LiftedProduct(x.GetUpper(), scale))
                    : x * wideScales).Store(to + i);
            }
        }

        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var x = Vector256.Load(values + i);
            (Subnormals.AnyBelow(x, least) ? Subnormals.LiftedProduct(x, scale) : x * scales).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = values[i] * scale * lift;
        }
    }
}
