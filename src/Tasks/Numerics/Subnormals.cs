using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Numbers below 2⁻¹²⁶, where a float is a count of units of 2⁻¹⁴⁹, with the bits of ordinary operations.</summary>
/// <remarks>
/// Intel's processors take some hundred cycles for a product of which one factor, or the result, is subnormal, even if it is
/// in one lane of eight; AMD's take hardly more than for others. Moving averages get there when a unit of a network is dead,
/// 0 for every example: its weights' gradients stay 0, and 0.9ⁿ ends at 5 units, of which rounding takes nothing away.
/// </remarks>
internal static class Subnormals
{
    /// <summary>2⁶⁴, which makes ordinary numbers of subnormal ones.</summary>
    public const float Lift = 18446744073709551616f;

    /// <summary>2⁻⁴⁰, the smallest scale for which there is a short way.</summary>
    public const float LeastScale = 1 / 1099511627776f;

    // 2²³ units are 2⁻¹²⁶. A sum of 2²³ and a lower number is rounded to a whole one, which stands in its low bits.
    private const int LeastNormal = 0x80_0000;
    private const float Shift = LeastNormal;

    // A unit, lifted: 2⁻⁸⁵.
    private const float LiftedUnit = 1 / 38685626227668133590597632f;

    // 2⁻¹²⁶, lifted: 2⁻⁶².
    private const float LiftedLeast = LiftedUnit * LeastNormal;

    /// <summary>What <c>NextAverages</c> and <see cref="NextVelocities"/> compare numbers with.</summary>
    /// <param name="rate">Of the averages, or the factor of the velocities; there is a short way from 0 to 1, both excluded.</param>
    public static Vector256<int> Bound(float rate) =>
        Vector256.Create(rate is > 0 and < 1 ? int.MinValue + LeastNormal - 1 : int.MinValue);

    /// <summary>Eight moving averages after one x more: a + rate · (x − a), rounded once.</summary>
    /// <param name="averages">a.</param>
    /// <param name="values">x.</param>
    /// <param name="rate">The rate.</param>
    /// <param name="bound">What <see cref="Bound"/> says of the rate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NextAverages(
        Vector256<float> averages, Vector256<float> values, Vector256<float> rate, Vector256<int> bound)
    {
        var small = Small(averages, values, bound);
        var others = Vector256.AndNot(averages, small);
        var count = Count(averages);
        var fewer = Vector256.FusedMultiplyAdd(-count, rate, count + Vector256.Create(Shift));
        return Vector256.FusedMultiplyAdd(values - others, rate, others) | (Units(fewer, averages) & small);
    }

    /// <summary>Sixteen moving averages after one x more.</summary>
    /// <inheritdoc cref="NextAverages(Vector256{float}, Vector256{float}, Vector256{float}, Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NextAverages(
        Vector512<float> averages, Vector512<float> values, Vector512<float> rate, Vector512<int> bound)
    {
        var units = averages.AsInt32() & Vector512.Create(int.MaxValue);
        var small = Vector512.LessThan(units + Vector512.Create(int.MaxValue), bound).AsSingle()
            & Vector512.Equals(values, Vector512<float>.Zero);
        var others = Vector512.AndNot(averages, small);
        var count = Vector512.ConvertToSingle(units);
        var fewer = Vector512.FusedMultiplyAdd(-count, rate, count + Vector512.Create(Shift));
        var counted = (fewer.AsInt32() - Vector512.Create(Shift).AsInt32()).AsSingle() | (averages & Vector512.Create(-0f));
        return Vector512.FusedMultiplyAdd(values - others, rate, others) | (counted & small);
    }

    /// <summary>Eight velocities after one x more: v · factor + x, rounded once.</summary>
    /// <param name="velocities">v.</param>
    /// <param name="values">x.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="bound">What <see cref="Bound"/> says of the factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NextVelocities(
        Vector256<float> velocities, Vector256<float> values, Vector256<float> factor, Vector256<int> bound)
    {
        var small = Small(velocities, values, bound);
        var others = Vector256.AndNot(velocities, small);
        var fewer = Vector256.FusedMultiplyAdd(Count(velocities), factor, Vector256.Create(Shift));
        return Vector256.FusedMultiplyAdd(others, factor, values) | (Units(fewer, velocities) & small);
    }

    /// <summary>The magnitude below which a factor, or its product with a scale, may be subnormal.</summary>
    /// <param name="scale">At least <see cref="LeastScale"/>.</param>
    public static Vector256<float> LeastFactor(float scale) =>
        Vector256.Create(MathF.Max(1, 1 / scale) * (2 * BitConverter.Int32BitsToSingle(LeastNormal)));

    /// <summary>Whether there is a number, but for 0, below a bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Vector256<float> x, Vector256<float> bound)
    {
        var units = x.AsInt32() & Vector256.Create(int.MaxValue);
        return Vector256.LessThanAny(units + Vector256.Create(int.MaxValue), bound.AsInt32() + Vector256.Create(int.MinValue));
    }

    /// <inheritdoc cref="AnyBelow(Vector256{float}, Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Vector512<float> x, Vector512<float> bound)
    {
        var units = x.AsInt32() & Vector512.Create(int.MaxValue);
        return Vector512.LessThanAny(units + Vector512.Create(int.MaxValue), bound.AsInt32() + Vector512.Create(int.MinValue));
    }

    /// <summary>Numbers times a scale, times <see cref="Lift"/>: the bits of products that are subnormal, in ordinary numbers.</summary>
    /// <param name="values">Below 2⁶³ in magnitude, as are their products with the scale; or infinite, or NaN.</param>
    /// <param name="scale">At least <see cref="LeastScale"/>.</param>
    public static Vector256<float> LiftedProduct(Vector256<float> values, float scale) =>
        LiftedTimes(LiftedMagnitudes(values), Vector256.Create(scale)) | (values & Vector256.Create(-0f));

    /// <summary>Magnitudes times <see cref="Lift"/>.</summary>
    /// <param name="values">Below 2⁶³ in magnitude; or infinite, or NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LiftedMagnitudes(Vector256<float> values)
    {
        var units = values.AsInt32() & Vector256.Create(int.MaxValue);
        var subnormal = Vector256.LessThan(units, Vector256.Create(LeastNormal)).AsSingle();
        var lifted = Vector256.AndNot(Vector256.Abs(values), subnormal) * Vector256.Create(Lift);
        return lifted | ((Vector256.ConvertToSingle(units) * Vector256.Create(LiftedUnit)) & subnormal);
    }

    /// <summary>Lifted numbers times a scale, rounded as the numbers' products would be.</summary>
    /// <param name="lifted">From <see cref="LiftedMagnitudes"/>, or from here.</param>
    /// <param name="scale">At least <see cref="LeastScale"/>; products are below 2⁶³.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LiftedTimes(Vector256<float> lifted, Vector256<float> scale)
    {
        var product = lifted * scale;
        var shift = Vector256.Create(LiftedLeast);
        var whole = Vector256.FusedMultiplyAdd(lifted, scale, shift) - shift;
        return Vector256.ConditionalSelect(Vector256.LessThan(product, shift), whole, product);
    }

    // The lanes whose x is 0 and whose number is subnormal but not 0: after the sum, 0 is the largest number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Small(Vector256<float> numbers, Vector256<float> values, Vector256<int> bound) =>
        Vector256.LessThan((numbers.AsInt32() & Vector256.Create(int.MaxValue)) + Vector256.Create(int.MaxValue), bound).AsSingle()
            & Vector256.Equals(values, Vector256<float>.Zero);

    // How many units a number has, if it is subnormal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Count(Vector256<float> numbers) =>
        Vector256.ConvertToSingle(numbers.AsInt32() & Vector256.Create(int.MaxValue));

    // So many units above the shift, with a sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Units(Vector256<float> shifted, Vector256<float> sign) =>
        (shifted.AsInt32() - Vector256.Create(Shift).AsInt32()).AsSingle() | (sign & Vector256.Create(-0f));
}
