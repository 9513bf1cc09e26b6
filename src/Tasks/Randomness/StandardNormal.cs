using Involute.Tasks.Numerics;

namespace Involute.Tasks.Randomness;

/// <summary>The standard normal distribution by inversion, with the same bits on every machine.</summary>
/// <remarks>
/// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988), routine
/// PPND16: relative error about 1e-16. Only +, −, ×, ÷, square root, explicit FMA and our own logarithm are used.
/// </remarks>
public static class StandardNormal
{
    // How far from ½ the centre reaches, and its square.
    internal const double CentreWidth = 0.425;
    internal const double CentreSquare = 0.180625;

    // Beyond the centre, in terms of √(−ln p).
    internal const double ShoulderStart = 1.6;
    internal const double ShoulderEnd = 5;

    // A probability between them.
    internal const double ShoulderExample = 0.05;

    internal static ReadOnlySpan<double> CentreNumerator =>
    [
        2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
        1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e0,
    ];

    internal static ReadOnlySpan<double> CentreDenominator =>
    [
        5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
        5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0,
    ];

    internal static ReadOnlySpan<double> ShoulderNumerator =>
    [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ];

    internal static ReadOnlySpan<double> ShoulderDenominator =>
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
    ];

    private static ReadOnlySpan<double> TailNumerator =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ];

    private static ReadOnlySpan<double> TailDenominator =>
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
    ];

    /// <summary>
    /// The value z with P(Z ≤ z) = <paramref name="probability"/>, for a probability strictly inside (0, 1).
    /// </summary>
    public static double Quantile(double probability)
    {
        var centred = probability - 0.5;
        if (Math.Abs(centred) <= CentreWidth)
        {
            var r = Math.FusedMultiplyAdd(-centred, centred, CentreSquare);
            return centred * (Polynomial(CentreNumerator, r) / Polynomial(CentreDenominator, r));
        }

        var tail = Math.Sqrt(-PortableMath.Log(centred < 0 ? probability : 1 - probability));
        var magnitude = tail <= ShoulderEnd
            ? Polynomial(ShoulderNumerator, tail - ShoulderStart) / Polynomial(ShoulderDenominator, tail - ShoulderStart)
            : Polynomial(TailNumerator, tail - ShoulderEnd) / Polynomial(TailDenominator, tail - ShoulderEnd);
        return centred < 0 ? -magnitude : magnitude;
    }

    private static double Polynomial(ReadOnlySpan<double> highestFirst, double x)
    {
        var sum = highestFirst[0];
        for (var i = 1; i < highestFirst.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(sum, x, highestFirst[i]);
        }

        return sum;
    }
}
