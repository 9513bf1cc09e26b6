using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vector = System.Runtime.Intrinsics.Vector256<double>;

namespace Involute.Tasks.Numerics;

/// <summary>The functions of <see cref="PortableMath"/> on four numbers at once, with its bits.</summary>
/// <remarks>
/// The same operations in the same order. Where one of the four is no ordinary number (NaN, infinite, subnormal, or one whose
/// result is such), all four take the scalar way.
/// </remarks>
internal static unsafe class PortableVectors
{
    // Adding 1.5 · 2⁵² leaves an integer in the low bits of the mantissa.
    private const double IntegerShift = 6755399441055744.0;

    // Within this distance of 0, e^x and both of its factors are normal numbers.
    private const double MostExponent = 700;

    // The bits of 2⁵², to which an integer of 52 bits adds ones.
    private const long CountBits = 0x4330000000000000;
    private const double Count = 4503599627370496.0;

    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const int ExponentBias = 1023;
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>e^x of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector Exp(Vector x) =>
        AreWithin(x, MostExponent) ? OrdinaryExp(x) : OneByOne(x, &PortableMath.Exp);

    /// <summary>e^x of each number: that of double, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return AreWithin(low, MostExponent) && AreWithin(high, MostExponent)
            ? Vector256.Narrow(OrdinaryExp(low), OrdinaryExp(high))
            : Vector256.Narrow(OneByOne(low, &PortableMath.Exp), OneByOne(high, &PortableMath.Exp));
    }

    /// <summary>ln x of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector Log(Vector x) =>
        AreNormal(x) ? OrdinaryLog(x) : OneByOne(x, &PortableMath.Log);

    /// <summary>ln x of each number: that of double, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return AreNormal(low) && AreNormal(high)
            ? Vector256.Narrow(OrdinaryLog(low), OrdinaryLog(high))
            : Vector256.Narrow(OneByOne(low, &PortableMath.Log), OneByOne(high, &PortableMath.Log));
    }

    /// <summary>sin x of each number, in radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector Sin(Vector x) =>
        AreWithin(x, PortableMath.LargestAngle) ? OfQuadrant(x, 0) : OneByOne(x, &PortableMath.Sin);

    /// <summary>sin x of each number, in radians: that of double, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector256<float> Sin(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return AreWithin(low, PortableMath.LargestAngle) && AreWithin(high, PortableMath.LargestAngle)
            ? Vector256.Narrow(OfQuadrant(low, 0), OfQuadrant(high, 0))
            : Vector256.Narrow(OneByOne(low, &PortableMath.Sin), OneByOne(high, &PortableMath.Sin));
    }

    /// <summary>cos x of each number, in radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector Cos(Vector x) =>
        AreWithin(x, PortableMath.LargestAngle) ? OfQuadrant(x, 1) : OneByOne(x, &PortableMath.Cos);

    /// <summary>cos x of each number, in radians: that of double, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector256<float> Cos(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return AreWithin(low, PortableMath.LargestAngle) && AreWithin(high, PortableMath.LargestAngle)
            ? Vector256.Narrow(OfQuadrant(low, 1), OfQuadrant(high, 1))
            : Vector256.Narrow(OneByOne(low, &PortableMath.Cos), OneByOne(high, &PortableMath.Cos));
    }

    /// <summary>tanh x of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector Tanh(Vector x) =>
        AreWithin(x, MostExponent / 2) ? OrdinaryTanh(x) : OneByOne(x, &PortableMath.Tanh);

    /// <summary>tanh x of each number: that of double, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return AreWithin(low, MostExponent / 2) && AreWithin(high, MostExponent / 2)
            ? Vector256.Narrow(OrdinaryTanh(low), OrdinaryTanh(high))
            : Vector256.Narrow(OneByOne(low, &PortableMath.Tanh), OneByOne(high, &PortableMath.Tanh));
    }

    /// <summary>A polynomial whose coefficients stand highest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Polynomial(ReadOnlySpan<double> highestFirst, Vector x)
    {
        var sum = Vector256.Create(highestFirst[0]);
        var i = 1;
        for (; i + 3 < highestFirst.Length; i += 4)
        {
            sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(highestFirst[i]));
            sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(highestFirst[i + 1]));
            sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(highestFirst[i + 2]));
            sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(highestFirst[i + 3]));
        }

        for (; i < highestFirst.Length; i++)
        {
            sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(highestFirst[i]));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreWithin(Vector x, double bound) =>
        Vector256.LessThanAll(Vector256.Abs(x), Vector256.Create(bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreNormal(Vector x) =>
        Vector256.GreaterThanOrEqualAll(x, Vector256.Create(LeastNormal))
            && Vector256.LessThanAll(x, Vector256.Create(double.PositiveInfinity));

    /// <summary>Each number by itself.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector OneByOne(Vector x, delegate*<double, double> function) =>
        Vector256.Create(function(x[0]), function(x[1]), function(x[2]), function(x[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector OrdinaryExp(Vector x)
    {
        var power = Vector256.Round(x * Vector256.Create(PortableMath.Log2E));
        var rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-PortableMath.Ln2High), x);
        rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-PortableMath.Ln2Low), rest);
        var half = Vector256.Floor(power * Vector256.Create(0.5));
        return Polynomial(PortableMath.InverseFactorials, rest) * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector PowerOfTwo(Vector exponent) =>
        (Vector256.Create(IntegerShift) + (exponent + Vector256.Create((double)ExponentBias))).AsInt64()
            .ShiftLeft(MantissaBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector ShiftLeft(this Vector256<long> bits, int count) => Vector256.ShiftLeft(bits, count).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector OrdinaryLog(Vector x)
    {
        var bits = x.AsInt64();
        var exponent = (Vector256.ShiftRightLogical(bits, MantissaBits) | Vector256.Create(CountBits)).AsDouble()
            - Vector256.Create(Count + ExponentBias);
        var mantissa = ((bits & Vector256.Create(MantissaMask)) | Vector.One.AsInt64()).AsDouble();
        var large = Vector256.GreaterThan(mantissa, Vector256.Create(PortableMath.RootOfTwo));
        mantissa = Vector256.ConditionalSelect(large, mantissa * Vector256.Create(0.5), mantissa);
        exponent += large & Vector.One;

        var f = mantissa - Vector.One;
        var s = f / (Vector256.Create(2.0) + f);
        var square = s * s;
        var remainder = Vector256.Create(2.0) * square * Polynomial(PortableMath.InverseOdds, square);
        var halfSquare = Vector256.Create(0.5) * f * f;
        var low = exponent * Vector256.Create(PortableMath.Ln2Low);
        return (exponent * Vector256.Create(PortableMath.Ln2High))
            - (halfSquare - Vector256.FusedMultiplyAdd(s, halfSquare + remainder, low) - f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector OfQuadrant(Vector x, long shift)
    {
        var quotient = Vector256.Round(x * Vector256.Create(PortableMath.TwoOverPi));
        var rest = Vector256.FusedMultiplyAdd(-quotient, Vector256.Create(PortableMath.HalfPiHigh), x);
        rest = Vector256.FusedMultiplyAdd(-quotient, Vector256.Create(PortableMath.HalfPiMiddle), rest);
        rest = Vector256.FusedMultiplyAdd(-quotient, Vector256.Create(PortableMath.HalfPiLow), rest);
        var quadrant = (quotient + Vector256.Create(IntegerShift)).AsInt64() + Vector256.Create(shift);
        var isEven = Vector256.Equals(quadrant & Vector256.Create(1L), Vector256<long>.Zero).AsDouble();

        var square = rest * rest;
        var sine = Vector256.FusedMultiplyAdd(rest * square, Polynomial(PortableMath.SineTerms, square), rest);
        var cosine = Vector256.FusedMultiplyAdd(
            square * square,
            Polynomial(PortableMath.CosineTerms, square),
            Vector.One - (Vector256.Create(0.5) * square));
        var value = Vector256.ConditionalSelect(isEven, sine, cosine);

        // The second bit of the quadrant is the sign.
        return value ^ Vector256.ShiftLeft(quadrant & Vector256.Create(2L), 62).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector OrdinaryTanh(Vector x)
    {
        var twice = Vector256.Create(2.0) * Vector256.Abs(x);
        var minusOne = x + x;
        minusOne *= Polynomial(PortableMath.InverseFactorials[..^1], minusOne);
        var small = OrdinaryExp(-twice);
        var large = (Vector.One - small) / (Vector.One + small);
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(twice, Vector256.Create(0.5 * PortableMath.Ln2)),
            Vector256.CopySign(large, x),
            minusOne / (minusOne + Vector256.Create(2.0)));
    }
}
