using System.Numerics;

namespace Involute.Tasks.Numerics;

/// <content>Sine, cosine and hyperbolic tangent.</content>
public static partial class PortableMath
{
    // pi/2 as a sum of three doubles: with fused multiply-add the rest of a division by pi/2 keeps all its bits while the
    // quotient is below 2^30.
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiMiddle = 6.123233995736766e-17;
    private const double HalfPiLow = -1.4973849048591833e-33;
    private const double TwoOverPi = 0.6366197723675814;
    private const double LargestAngle = 1L << 30;

    // sin x = x + x³ S(x²), cos x = 1 − x²/2 + x⁴ C(x²): Taylor, whose rest is below 1e-17 for |x| ≤ pi/4.
    private static ReadOnlySpan<double> SineTerms =>
    [
        1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040,
        1.0 / 120, -1.0 / 6,
    ];

    private static ReadOnlySpan<double> CosineTerms =>
    [
        1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24,
    ];

    /// <summary>sin x, x in radians; error below two units in the last place for |x| ≤ 2³⁰. NaN for infinities.</summary>
    /// <remarks>Beyond 2³⁰ the angle is first taken modulo 2π rounded to double.</remarks>
    public static double Sin(double x) => OfQuadrant(x, 0);

    /// <summary>cos x, x in radians; as accurate as <see cref="Sin(double)"/>.</summary>
    public static double Cos(double x) => OfQuadrant(x, 1);

    /// <summary>tanh x; relative error below 1e-15.</summary>
    public static double Tanh(double x)
    {
        var twice = 2 * Math.Abs(x);
        if (!(twice > 0.5 * Ln2))
        {
            // e^y − 1 = y (1 + y/2 + …) without the cancellation; y / (y + 2) of it is tanh. NaN passes through.
            var minusOne = x + x;
            var sum = InverseFactorials[0];
            for (var i = 1; i < InverseFactorials.Length - 1; i++)
            {
                sum = Math.FusedMultiplyAdd(sum, minusOne, InverseFactorials[i]);
            }

            minusOne *= sum;
            return minusOne / (minusOne + 2);
        }

        var small = Exp(-twice);
        return Math.CopySign((1 - small) / (1 + small), x);
    }

    /// <summary>sin x of either number type: the double function, rounded once.</summary>
    public static T Sin<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Sin(double.CreateTruncating(x)));

    /// <summary>cos x of either number type: the double function, rounded once.</summary>
    public static T Cos<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Cos(double.CreateTruncating(x)));

    /// <summary>tanh x of either number type: the double function, rounded once.</summary>
    public static T Tanh<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Tanh(double.CreateTruncating(x)));

    private static double OfQuadrant(double x, long shift)
    {
        if (Math.Abs(x) > LargestAngle)
        {
            x = Math.IEEERemainder(x, 4 * HalfPiHigh);
        }

        var quotient = Math.Round(x * TwoOverPi);
        var rest = Math.FusedMultiplyAdd(-quotient, HalfPiHigh, x);
        rest = Math.FusedMultiplyAdd(-quotient, HalfPiMiddle, rest);
        rest = Math.FusedMultiplyAdd(-quotient, HalfPiLow, rest);
        if (double.IsNaN(rest))
        {
            return double.NaN;
        }

        var quadrant = ((long)quotient + shift) & 3;
        var value = (quadrant & 1) == 0 ? SineNearZero(rest) : CosineNearZero(rest);
        return quadrant < 2 ? value : -value;
    }

    private static double SineNearZero(double x)
    {
        var square = x * x;
        return Math.FusedMultiplyAdd(x * square, Series(SineTerms, square), x);
    }

    private static double CosineNearZero(double x)
    {
        var square = x * x;
        return Math.FusedMultiplyAdd(square * square, Series(CosineTerms, square), 1 - (0.5 * square));
    }

    private static double Series(ReadOnlySpan<double> highestFirst, double x)
    {
        var sum = highestFirst[0];
        for (var i = 1; i < highestFirst.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(sum, x, highestFirst[i]);
        }

        return sum;
    }
}
