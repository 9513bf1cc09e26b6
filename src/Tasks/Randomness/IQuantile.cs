using System.Runtime.Intrinsics;

namespace Involute.Tasks.Randomness;

/// <summary>A distribution by its inverse: the value with a share of the distribution below it, the share inside (0, 1).</summary>
internal interface IQuantile
{
    /// <summary>Of one share.</summary>
    static abstract double Of(double probability);

    /// <summary>Of four, with the same bits.</summary>
    static abstract Vector256<double> Of(Vector256<double> probability);
}

/// <summary>That of <see cref="StandardNormal"/>.</summary>
internal readonly struct NormalQuantile : IQuantile
{
    /// <inheritdoc/>
    public static double Of(double probability) => StandardNormal.Quantile(probability);

    /// <inheritdoc/>
    public static Vector256<double> Of(Vector256<double> probability) => PackedNormal.Quantile(probability);
}

/// <summary>That of <see cref="TruncatedNormal"/>.</summary>
internal readonly struct TruncatedNormalQuantile : IQuantile
{
    /// <inheritdoc/>
    public static double Of(double probability) => TruncatedNormal.Quantile(probability);

    /// <inheritdoc/>
    public static Vector256<double> Of(Vector256<double> probability) => PackedNormal.TruncatedQuantile(probability);
}
