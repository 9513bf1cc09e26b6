namespace Involute.Tasks.Randomness;

/// <summary>A distribution by its inverse: the value with a share of the distribution below it, the share inside (0, 1).</summary>
internal unsafe interface IQuantile
{
    /// <summary>Of one share.</summary>
    static abstract double Of(double probability);

    /// <summary>Of several, in place and with the same bits.</summary>
    /// <param name="numbers">Shares, which their values replace.</param>
    /// <param name="count">A multiple of four, at most <see cref="PackedNormal.Most"/>.</param>
    static abstract void Of(double* numbers, int count);
}

/// <summary>That of <see cref="StandardNormal"/>.</summary>
internal readonly unsafe struct NormalQuantile : IQuantile
{
    /// <inheritdoc/>
    public static double Of(double probability) => StandardNormal.Quantile(probability);

    /// <inheritdoc/>
    public static void Of(double* numbers, int count) => PackedNormal.Quantiles(numbers, count);
}

/// <summary>That of <see cref="TruncatedNormal"/>.</summary>
internal readonly unsafe struct TruncatedNormalQuantile : IQuantile
{
    /// <inheritdoc/>
    public static double Of(double probability) => TruncatedNormal.Quantile(probability);

    /// <inheritdoc/>
    public static void Of(double* numbers, int count) => PackedNormal.TruncatedQuantiles(numbers, count);
}
