namespace Involute.Tasks.Randomness;

/// <summary>The standard normal distribution cut off at ±2, by inversion: what layers' weights start from.</summary>
/// <remarks>Standard deviation 0.8796. Inversion, not rejection: one random number makes one weight.</remarks>
public static class TruncatedNormal
{
    /// <summary>Largest magnitude.</summary>
    public const double Limit = 2;

    // P(Z ≤ −2) for a standard normal Z.
    internal const double BelowLimit = 0.022750131948179207;

    /// <summary>The value with this share of the distribution below it, for a share inside (0, 1).</summary>
    public static double Quantile(double probability) => Math.Clamp(
        StandardNormal.Quantile(BelowLimit + (probability * (1 - (2 * BelowLimit)))), -Limit, Limit);
}
