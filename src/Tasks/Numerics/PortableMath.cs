using System.Numerics;

namespace Involute.Tasks.Numerics;

/// <summary>Elementary functions with the same bits on every machine.</summary>
/// <remarks>
/// The runtime's Math.Exp, Math.Log and Math.Sin call the platform's C library and differ in their last bits between
/// platforms. Here only +, −, ×, ÷ and explicit fused multiply-add are used, which IEEE 754 defines to the last bit.
/// </remarks>
public static class PortableMath
{
    /// <summary>ln 2, rounded.</summary>
    public const double Ln2 = 0.693147180559945309417;

    // ln 2 in two parts; the first has 21 zero low bits, so k * Ln2High is exact for every exponent k.
    internal const double Ln2High = 6.93147180369123816490e-01;
    internal const double Ln2Low = 1.90821492927058770002e-10;
    internal const double Log2E = 1.44269504088896340736;

    /// <summary>Above this e^x overflows to +∞.</summary>
    public const double MaxExponent = 709.782712893383973096;

    // Below this e^x is less than half of the smallest subnormal number.
    private const double MinExponent = -745.2;

    // Mantissas lie between its half and it.
    internal const double RootOfTwo = 1.41421356237309514547;

    // pi/2 as a sum of three doubles: with fused multiply-add the rest of a division by pi/2 keeps all its bits while
    // the quotient is below 2^30.
    internal const double HalfPiHigh = 1.5707963267948966;
    internal const double HalfPiMiddle = 6.123233995736766e-17;
    internal const double HalfPiLow = -1.4973849048591833e-33;
    internal const double TwoOverPi = 0.6366197723675814;
    internal const double LargestAngle = 1L << 30;

    internal static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
        1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0, 1.0,
    ];

    internal static ReadOnlySpan<double> InverseOdds =>
    [
        1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5,
        1.0 / 3,
    ];

    // sin x = x + x³ S(x²), cos x = 1 − x²/2 + x⁴ C(x²): Taylor, whose rest is below 1e-17 for |x| ≤ pi/4.
    internal static ReadOnlySpan<double> SineTerms =>
    [
        1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040,
        1.0 / 120, -1.0 / 6,
    ];

    internal static ReadOnlySpan<double> CosineTerms =>
    [
        1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24,
    ];

    /// <summary>e^x; relative error about 1e-16.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > MaxExponent)
        {
            return double.PositiveInfinity;
        }

        if (x < MinExponent)
        {
            return 0;
        }

        var power = Math.Round(x * Log2E);
        var rest = Math.FusedMultiplyAdd(power, -Ln2High, x);
        rest = Math.FusedMultiplyAdd(power, -Ln2Low, rest);
        var sum = InverseFactorials[0];
        for (var i = 1; i < InverseFactorials.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(sum, rest, InverseFactorials[i]);
        }

        // In two factors: 2^power alone may be subnormal, or 2^1024.
        var half = (int)power >> 1;
        return sum * PowerOfTwo(half) * PowerOfTwo((int)power - half);
    }

    /// <summary>ln x; error below two units in the last place. −∞ at 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        var exponent = 0;
        if (!double.IsNormal(x))
        {
            x *= 1L << 54;
            exponent = -54;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > RootOfTwo)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln(1+f) = 2 artanh(s) with s = f/(2+f), |s| < 0.172. Written as f − f²/2 + s(f²/2 + R), which keeps the
        // rounding error of s out of the leading term.
        var f = mantissa - 1;
        var s = f / (2 + f);
        var square = s * s;
        var series = InverseOdds[0];
        for (var i = 1; i < InverseOdds.Length; i++)
        {
            series = Math.FusedMultiplyAdd(series, square, InverseOdds[i]);
        }

        var remainder = 2 * square * series;
        var halfSquare = 0.5 * f * f;
        return (exponent * Ln2High)
            - (halfSquare - Math.FusedMultiplyAdd(s, halfSquare + remainder, exponent * Ln2Low) - f);
    }

    /// <summary>e^x of either number type: the double function, rounded once.</summary>
    public static T Exp<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Exp(double.CreateTruncating(x)));

    /// <summary>ln x of either number type: the double function, rounded once.</summary>
    public static T Log<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Log(double.CreateTruncating(x)));

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    /// <summary>
    /// sin x, x in radians; error below two units in the last place for |x| ≤ 2³⁰. NaN for infinities.
    /// </summary>
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
