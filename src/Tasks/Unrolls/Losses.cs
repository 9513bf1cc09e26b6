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

    /// <summary>
    /// <see cref="Clip(double, double)"/> of several losses: what a problem whose normalizer is that need not ask for one by one.
    /// </summary>
    internal static void Clip(ReadOnlySpan<StepLoss> losses, double ceiling, Span<double> clipped)
    {
        clipped = clipped[..losses.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            clipped[i] = losses[i].Diverged ? ceiling : Clip(losses[i].Loss, ceiling);
        }
    }
}
