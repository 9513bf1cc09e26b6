using Involute.Tasks.Numerics;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>The error function by its series (Abramowitz, Stegun 7.1.6), whose terms all have one sign.</summary>
internal static class ErrorFunction
{
    // It is 1 to the last bit of a double from here on.
    private const double Flat = 6;

    /// <summary>2 / √π ∫₀ˣ exp(−t²) dt.</summary>
    public static double Of(double x)
    {
        if (Math.Abs(x) >= Flat)
        {
            return Math.Sign(x);
        }

        var term = x;
        var sum = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * PortableMath.Exp(-x * x) * sum;
    }
}
