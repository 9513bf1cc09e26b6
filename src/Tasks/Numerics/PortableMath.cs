using System.Numerics;

namespace Involute.Tasks.Numerics;

/// <summary>Elementary functions with the same bits on every machine.</summary>
/// <remarks>
/// The runtime's Math.Exp, Math.Log and Math.Sin call the platform's C library and differ in their last bits between platforms.
/// Here only +, −, ×, ÷ and explicit fused multiply-add are used, which IEEE 754 defines to the last bit.
/// </remarks>
public static partial class PortableMath
{
    /// <summary>ln 2, rounded.</summary>
    public const double Ln2 = 0.693147180559945309417;

    // ln 2 in two parts; the first has 21 zero low bits, so k * Ln2High is exact for every exponent k.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Log2E = 1.44269504088896340736;

    /// <summary>Above this e^x overflows to +∞.</summary>
    public const double MaxExponent = 709.782712893383973096;

    // Below this e^x is less than half of the smallest subnormal number.
    private const double MinExponent = -745.2;

    private static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
        1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0, 1.0,
    ];

    private static ReadOnlySpan<double> InverseOdds =>
    [
        1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5,
        1.0 / 3,
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
        if (mantissa > 1.41421356237309514547)
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
        return (exponent * Ln2High) - (halfSquare - Math.FusedMultiplyAdd(s, halfSquare + remainder, exponent * Ln2Low) - f);
    }

    /// <summary>e^x of either number type: the double function, rounded once.</summary>
    public static T Exp<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Exp(double.CreateTruncating(x)));

    /// <summary>ln x of either number type: the double function, rounded once.</summary>
    public static T Log<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.CreateTruncating(Log(double.CreateTruncating(x)));

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
