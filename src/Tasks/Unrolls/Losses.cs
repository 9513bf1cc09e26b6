namespace Involute.Tasks.Unrolls;

/// <summary>Conventions for raw losses.</summary>
public static class Losses
{
    /// <summary>
    /// Ceiling of problems without a natural one. Far above any loss worth having, and small enough that a contribution
    /// (ceiling · ε / sigma²) stays finite in float32.
    /// </summary>
    public const double UnboundedCeiling = 1e30;

    /// <summary>The identity, cut off above (and, for losses that may be negative, below) the ceiling.</summary>
    public static double Clip(double loss, double ceiling) => Math.Clamp(loss, -ceiling, ceiling);
}
