using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Exponential and logarithm of eight floats at once, with the same bits on every machine.</summary>
/// <remarks>
/// Only +, −, ×, ÷, comparisons, integer operations and explicit fused multiply-add are used. A machine without fused
/// multiply-add in hardware computes it in software, slowly and with the same bits. The runtime's own vector functions
/// choose other algorithms for other widths. Errors are below 1 unit in the last place (ulp); the tests measure them.
/// </remarks>
public static class VectorMath
{
    /// <summary>Below this e^x is returned as 0: subnormal numbers are slow, and of no use to a softmax.</summary>
    public const float MinExponent = -86.6f;

    /// <summary>Above this e^x is +∞: the largest float whose exponential is finite.</summary>
    public const float MaxExponent = 88.72283172607422f;

    private const float Log2E = 1.44269504f;

    // ln 2 as a float, and what is missing. A fused multiply-add sees the product of the first with an integer exactly.
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f;

    // Adding 1.5 · 2²³ rounds to the nearest integer, ties to even, and leaves that integer in the low mantissa bits.
    private const float RoundingShift = 12582912f;

    private const int MantissaBits = 23;
    private const int ExponentBias = 127;
    private const float SmallestNormal = 1.17549435e-38f;
    private const float TwoTo24 = 16777216f;

    // Bits of √½: subtracting them makes the exponent field count from there, so mantissas lie in [√½, √2).
    private const int HalfRootBits = 0x3F3504F3;

    /// <summary>e^x of each element; 0 below <see cref="MinExponent"/>, +∞ above <see cref="MaxExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(x, Vector256.Create(MaxExponent)), Vector256.Create(float.PositiveInfinity), ExpBelow(x));

    /// <summary>e^x of four vectors, as <see cref="ExpBelow(Vector256{float})"/>, each in its own place.</summary>
    /// <remarks>
    /// Step by step for all: in one exponential each operation waits for the one before, and a processor looks ahead over few that wait.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ExpBelow(
        ref Vector256<float> x0, ref Vector256<float> x1, ref Vector256<float> x2, ref Vector256<float> x3)
    {
        Vector256<float> shifted0 = Shifted(x0), shifted1 = Shifted(x1), shifted2 = Shifted(x2), shifted3 = Shifted(x3);
        Vector256<float> power0 = Power(shifted0), power1 = Power(shifted1), power2 = Power(shifted2), power3 = Power(shifted3);
        Vector256<float> r0 = High(power0, x0), r1 = High(power1, x1), r2 = High(power2, x2), r3 = High(power3, x3);
        r0 = Low(power0, r0);
        r1 = Low(power1, r1);
        r2 = Low(power2, r2);
        r3 = Low(power3, r3);
        var sum0 = First(r0);
        var sum1 = First(r1);
        var sum2 = First(r2);
        var sum3 = First(r3);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 120);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 24);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 6);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 0.5f);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1);
        Next(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1);
        x0 = Scaled(sum0, shifted0, x0);
        x1 = Scaled(sum1, shifted1, x1);
        x2 = Scaled(sum2, shifted2, x2);
        x3 = Scaled(sum3, shifted3, x3);
    }

    /// <summary>e^x of elements that are not above <see cref="MaxExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ExpBelow(Vector256<float> x)
    {
        var shifted = Shifted(x);
        var power = Power(shifted);
        var r = Low(power, High(power, x));
        var sum = First(r);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 120));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 24));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 6));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(0.5f));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        return Scaled(sum, shifted, x);
    }

    // x · log₂e, rounded to a whole number that stands in the last bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Shifted(Vector256<float> x) =>
        Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), Vector256.Create(RoundingShift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<float> shifted) => shifted - Vector256.Create(RoundingShift);

    // x − power · ln(2), in two steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> High(Vector256<float> power, Vector256<float> x) =>
        Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2High), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Low(Vector256<float> power, Vector256<float> r) =>
        Vector256.FusedMultiplyAdd(power, Vector256.Create(-Ln2Low), r);

    // Taylor's series up to r⁷/7!: |r| ≤ ln(2)/2, so the rest is below 5.2e-9 of the sum, a tenth of an ulp.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(Vector256<float> r) =>
        Vector256.FusedMultiplyAdd(Vector256.Create(1f / 5040), r, Vector256.Create(1f / 720));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(
        ref Vector256<float> sum0,
        ref Vector256<float> sum1,
        ref Vector256<float> sum2,
        ref Vector256<float> sum3,
        Vector256<float> r0,
        Vector256<float> r1,
        Vector256<float> r2,
        Vector256<float> r3,
        float term)
    {
        sum0 = Vector256.FusedMultiplyAdd(sum0, r0, Vector256.Create(term));
        sum1 = Vector256.FusedMultiplyAdd(sum1, r1, Vector256.Create(term));
        sum2 = Vector256.FusedMultiplyAdd(sum2, r2, Vector256.Create(term));
        sum3 = Vector256.FusedMultiplyAdd(sum3, r3, Vector256.Create(term));
    }

    // 2 · 2^(power − 1): power reaches 128, for which 2^power is no float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<float> sum, Vector256<float> shifted, Vector256<float> x)
    {
        var scale = ((shifted.AsInt32() + Vector256.Create(ExponentBias - 1)) << MantissaBits).AsSingle();
        var result = (sum + sum) * scale;
        return Vector256.AndNot(result, Vector256.LessThan(x, Vector256.Create(MinExponent)));
    }

    /// <summary>ln x of each element; −∞ at 0, NaN below 0, right for subnormal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        var subnormal = Vector256.LessThan(x, Vector256.Create(SmallestNormal));
        var bits = Vector256.ConditionalSelect(subnormal, x * Vector256.Create(TwoTo24), x).AsInt32();
        var exponent = (bits - Vector256.Create(HalfRootBits)) >> MantissaBits;
        var f = (bits - (exponent << MantissaBits)).AsSingle() - Vector256<float>.One;
        var power = Vector256.ConvertToSingle(exponent) - (subnormal & Vector256.Create(24f));

        // ln(1+f) = 2 artanh(s) with s = f/(2+f), |s| < 0.172, up to s⁹. Written as f − f²/2 + s(f²/2 + R), which keeps
        // the rounding error of s out of the leading term.
        var s = f / (Vector256.Create(2f) + f);
        var square = s * s;
        var series = Vector256.FusedMultiplyAdd(square, Vector256.Create(2f / 9), Vector256.Create(2f / 7));
        series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(2f / 5));
        series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(2f / 3));
        var halfSquare = Vector256.Create(0.5f) * f * f;
        var odd = s * Vector256.FusedMultiplyAdd(series, square, halfSquare);
        var rest = f - (halfSquare - Vector256.FusedMultiplyAdd(power, Vector256.Create(Ln2Low), odd));
        var result = Vector256.FusedMultiplyAdd(power, Vector256.Create(Ln2High), rest);

        var infinity = Vector256.Create(float.PositiveInfinity);
        var special = Vector256.ConditionalSelect(Vector256.Equals(x, infinity), infinity, Vector256.Create(float.NaN));
        special = Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<float>.Zero), -infinity, special);
        var ordinary = Vector256.GreaterThan(x, Vector256<float>.Zero) & Vector256.LessThan(x, infinity);
        return Vector256.ConditionalSelect(ordinary, result, special);
    }

    /// <summary>e^x of one number, with the bits of the vector function: it is that function.</summary>
    public static float Exp(float x) => Exp(Vector256.Create(x)).ToScalar();

    /// <summary>ln x of one number, with the bits of the vector function: it is that function.</summary>
    public static float Log(float x) => Log(Vector256.Create(x)).ToScalar();
}
