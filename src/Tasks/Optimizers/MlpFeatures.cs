namespace Involute.Tasks.Optimizers;

/// <summary>Features of <see cref="MlpOptimizer"/>: gradient, value and six momenta, as they are.</summary>
/// <param name="gradient">The tensor's gradient.</param>
/// <param name="parameters">The tensor.</param>
/// <param name="momenta">The tensor's part of the first momenta.</param>
/// <param name="slot">Floats from one momentum to the next.</param>
internal readonly unsafe struct MlpFeatures(float* gradient, float* parameters, float* momenta, nint slot)
    : IElementFeatures
{
    /// <summary>Number of momenta.</summary>
    public const int Momenta = 6;

    /// <summary>Number of features.</summary>
    public const int ElementFeatures = 2 + Momenta;

    private readonly float* _gradient = gradient;
    private readonly float* _parameters = parameters;
    private readonly float* _momenta = momenta;
    private readonly nint _slot = slot;

    /// <inheritdoc/>
    public static int Count => ElementFeatures;

    /// <summary>1 − decay of each momentum.</summary>
    public static ReadOnlySpan<float> Rates => [0.9f, 0.5f, 0.1f, 0.01f, 0.001f, 0.0001f];

    /// <summary>What inspection calls each momentum: by its decay.</summary>
    public static IReadOnlyList<string> Names => ["m0.1", "m0.5", "m0.9", "m0.99", "m0.999", "m0.9999"];

    /// <inheritdoc/>
    public void Write(int first, int count, float* block)
    {
        Copy(_gradient + first, count, block);
        Copy(_parameters + first, count, block + ElementRule.Block);
        for (var i = 0; i < Momenta; i++)
        {
            Copy(_momenta + (i * _slot) + first, count, block + ((2 + i) * ElementRule.Block));
        }
    }

    private static void Copy(float* from, int count, float* to) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
