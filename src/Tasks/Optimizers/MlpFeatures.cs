using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>Features of <see cref="MlpOptimizer"/>: gradient, value and six momenta, as they are.</summary>
/// <param name="gradient">The tensor's gradient.</param>
/// <param name="parameters">The tensor.</param>
/// <param name="momenta">The tensor's part of the first momenta.</param>
/// <param name="slot">Floats from one momentum to the next.</param>
/// <param name="length">Elements of the tensor.</param>
internal readonly unsafe struct MlpFeatures(
    float* gradient, float* parameters, float* momenta, nint slot, int length) : IElementFeatures
{
    /// <summary>Number of momenta.</summary>
    public const int Momenta = 6;

    /// <summary>Number of features.</summary>
    public const int ElementFeatures = 2 + Momenta;

    private readonly float* _gradient = gradient;
    private readonly float* _parameters = parameters;
    private readonly float* _momenta = momenta;
    private readonly nint _slot = slot;
    private readonly int _length = length;

    /// <inheritdoc/>
    public static int Count => ElementFeatures;

    /// <inheritdoc/>
    public static bool AreLifted => true;

    /// <summary>1 − decay of each momentum.</summary>
    public static ReadOnlySpan<float> Rates => [0.9f, 0.5f, 0.1f, 0.01f, 0.001f, 0.0001f];

    /// <summary>What inspection calls each momentum: by its decay.</summary>
    public static IReadOnlyList<string> Names => ["m0.1", "m0.5", "m0.9", "m0.99", "m0.999", "m0.9999"];

    /// <inheritdoc/>
    public void SumSquares(float* block, double* sums)
    {
        sums[0] = SquareSum.OfRow(_gradient, _length);
        sums[1] = SquareSum.OfRow(_parameters, _length);
        SquareSum.OfRows(_momenta, _slot, Momenta, _length, sums + 2);
    }

    /// <inheritdoc/>
    /// <remarks>None: they stand in memory as they are, and take little beside a network of 32 units.</remarks>
    public int Direct(OptimizerNetwork network) => 0;

    /// <inheritdoc/>
    public int Outputs(float* weights, float* firstBiases, float* scales, int count, int from, float* outputs) =>
        throw new InvalidOperationException("no elements are computed directly");

    /// <inheritdoc/>
    public void Write(int first, int count, float* scales, float lift, float* block)
    {
        for (var f = 0; f < ElementFeatures; f++)
        {
            ElementBlock.ScaleLifted(Values(f) + first, count, scales[f], lift, block + (f * ElementBlock.Stride));
        }
    }

    private float* Values(int feature) => feature switch
    {
        0 => _gradient,
        1 => _parameters,
        _ => _momenta + ((feature - 2) * _slot),
    };
}
