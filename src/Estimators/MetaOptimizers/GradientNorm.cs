using System.Runtime.CompilerServices;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Euclidean norm of a gradient, summed in double in element order.</summary>
public static class GradientNorm
{
    /// <summary>sqrt(Σ g²), scaled by the largest entry so that diverged losses do not overflow the squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<double> gradient)
    {
        var largest = 0.0;
        foreach (var value in gradient)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (largest == 0 || !double.IsFinite(largest))
        {
            return largest;
        }

        var sum = 0.0;
        foreach (var value in gradient)
        {
            var scaled = value / largest;
            sum += scaled * scaled;
        }

        return largest * Math.Sqrt(sum);
    }
}
