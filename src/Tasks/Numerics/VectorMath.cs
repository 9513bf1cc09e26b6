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

    /// <summary>Bits of a float behind its exponent.</summary>
    internal const int MantissaBits = 23;
    private const int ExponentBias = 127;
    private const float SmallestNormal = 1.17549435e-38f;
    private const float TwoTo24 = 16777216f;

    // Bits of √½: subtracting them makes the exponent field count from there, so mantissas lie in [√½, √2).
    private const int HalfRootBits = 0x3F3504F3;

    /// <summary>e^x of each element; 0 below <see cref="MinExponent"/>, +∞ above <see cref="MaxExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x) => Exp<Floats8, Vector256<float>>(x);

    /// <summary>The same, for a register of any width; no bit depends on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRegister Exp<TVector, TRegister>(TRegister x)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Select(
            x, TVector.Broadcast(MaxExponent), TVector.Broadcast(float.PositiveInfinity), ExpBelow<TVector, TRegister>(x));

    /// <summary>e^x of four registers, as <see cref="ExpBelow{TVector, TRegister}(TRegister)"/>, each in its own place.</summary>
    /// <remarks>
    /// Step by step for all: in one exponential each operation waits for the one before, and a processor looks ahead over few that wait.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ExpBelow<TVector, TRegister>(ref TRegister x0, ref TRegister x1, ref TRegister x2, ref TRegister x3)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var shifted0 = Shifted<TVector, TRegister>(x0);
        var shifted1 = Shifted<TVector, TRegister>(x1);
        var shifted2 = Shifted<TVector, TRegister>(x2);
        var shifted3 = Shifted<TVector, TRegister>(x3);
        var power0 = Power<TVector, TRegister>(shifted0);
        var power1 = Power<TVector, TRegister>(shifted1);
        var power2 = Power<TVector, TRegister>(shifted2);
        var power3 = Power<TVector, TRegister>(shifted3);
        var r0 = High<TVector, TRegister>(power0, x0);
        var r1 = High<TVector, TRegister>(power1, x1);
        var r2 = High<TVector, TRegister>(power2, x2);
        var r3 = High<TVector, TRegister>(power3, x3);
        r0 = Low<TVector, TRegister>(power0, r0);
        r1 = Low<TVector, TRegister>(power1, r1);
        r2 = Low<TVector, TRegister>(power2, r2);
        r3 = Low<TVector, TRegister>(power3, r3);
        var sum0 = First<TVector, TRegister>(r0);
        var sum1 = First<TVector, TRegister>(r1);
        var sum2 = First<TVector, TRegister>(r2);
        var sum3 = First<TVector, TRegister>(r3);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 120);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 24);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1f / 6);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 0.5f);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1);
        Next<TVector, TRegister>(ref sum0, ref sum1, ref sum2, ref sum3, r0, r1, r2, r3, 1);
        x0 = Scaled<TVector, TRegister>(sum0, shifted0, x0);
        x1 = Scaled<TVector, TRegister>(sum1, shifted1, x1);
        x2 = Scaled<TVector, TRegister>(sum2, shifted2, x2);
        x3 = Scaled<TVector, TRegister>(sum3, shifted3, x3);
    }

    /// <summary>e^x of elements that are not above <see cref="MaxExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRegister ExpBelow<TVector, TRegister>(TRegister x)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var shifted = Shifted<TVector, TRegister>(x);
        var power = Power<TVector, TRegister>(shifted);
        var r = Low<TVector, TRegister>(power, High<TVector, TRegister>(power, x));
        var sum = First<TVector, TRegister>(r);
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(1f / 120));
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(1f / 24));
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(1f / 6));
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(0.5f));
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(1));
        sum = TVector.FusedMultiplyAdd(sum, r, TVector.Broadcast(1));
        return Scaled<TVector, TRegister>(sum, shifted, x);
    }

    // x · log₂e, rounded to a whole number that stands in the last bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Shifted<TVector, TRegister>(TRegister x)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.FusedMultiplyAdd(x, TVector.Broadcast(Log2E), TVector.Broadcast(RoundingShift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Power<TVector, TRegister>(TRegister shifted)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.Subtract(shifted, TVector.Broadcast(RoundingShift));

    // x − power · ln(2), in two steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister High<TVector, TRegister>(TRegister power, TRegister x)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.FusedMultiplyAdd(power, TVector.Broadcast(-Ln2High), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Low<TVector, TRegister>(TRegister power, TRegister r)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.FusedMultiplyAdd(power, TVector.Broadcast(-Ln2Low), r);

    // Taylor's series up to r⁷/7!: |r| ≤ ln(2)/2, so the rest is below 5.2e-9 of the sum, a tenth of an ulp.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister First<TVector, TRegister>(TRegister r)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => TVector.FusedMultiplyAdd(TVector.Broadcast(1f / 5040), r, TVector.Broadcast(1f / 720));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next<TVector, TRegister>(
        ref TRegister sum0,
        ref TRegister sum1,
        ref TRegister sum2,
        ref TRegister sum3,
        TRegister r0,
        TRegister r1,
        TRegister r2,
        TRegister r3,
        float term)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        sum0 = TVector.FusedMultiplyAdd(sum0, r0, TVector.Broadcast(term));
        sum1 = TVector.FusedMultiplyAdd(sum1, r1, TVector.Broadcast(term));
        sum2 = TVector.FusedMultiplyAdd(sum2, r2, TVector.Broadcast(term));
        sum3 = TVector.FusedMultiplyAdd(sum3, r3, TVector.Broadcast(term));
    }

    // 2 · 2^(power − 1): power reaches 128, for which 2^power is no float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Scaled<TVector, TRegister>(TRegister sum, TRegister shifted, TRegister x)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var result = TVector.Multiply(TVector.Add(sum, sum), TVector.FromExponents(shifted, ExponentBias - 1));
        return TVector.Select(TVector.Broadcast(MinExponent), x, TVector.Zero, result);
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
