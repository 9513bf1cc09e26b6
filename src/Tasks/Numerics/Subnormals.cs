using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Moving averages below 2⁻¹²⁷, where a float is a count of units of 2⁻¹⁴⁹, with the bits of ordinary operations.</summary>
/// <remarks>
/// Intel's processors take some hundred cycles for a product of which one factor, or the result, is subnormal, even if it is
/// in one lane of eight; AMD's take hardly more than for others. Moving averages get there when a unit of a network no longer
/// answers: its weights' gradients are 0 for ever, and 0.9ⁿ ends at 5 units, of which rounding takes nothing away.
/// </remarks>
internal static class Subnormals
{
    // 2²² units: with it, 1.5 · 2²³ and a count are a float without a fraction.
    private const int MostUnits = 0x40_0000;

    // A sum with 1.5 · 2²³ is rounded to whole numbers, which stand in its low bits.
    private const float Shift = 12582912;

    /// <summary>What <see cref="NextAverages"/> compares averages with.</summary>
    /// <param name="rate">Of the averages; there is a short way for rates above 0 and below 1.</param>
    public static Vector256<int> Bound(float rate) =>
        Vector256.Create(rate is > 0 and < 1 ? int.MinValue + MostUnits : int.MinValue);

    /// <summary>Eight moving averages after one x more: a + rate · (x − a), rounded once.</summary>
    /// <param name="averages">a.</param>
    /// <param name="values">x.</param>
    /// <param name="rate">The rate.</param>
    /// <param name="bound">What <see cref="Bound"/> says of the rate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> NextAverages(
        Vector256<float> averages, Vector256<float> values, Vector256<float> rate, Vector256<int> bound)
    {
        // The lanes whose x is 0 and whose a is subnormal but not 0: after the sum, 0 is the largest number.
        var units = averages.AsInt32() & Vector256.Create(int.MaxValue);
        var small = Vector256.LessThan(units + Vector256.Create(int.MaxValue), bound)
            & Vector256.Equals(values, Vector256<float>.Zero).AsInt32();
        var others = Vector256.AndNot(averages, small.AsSingle());
        var next = Vector256.FusedMultiplyAdd(values - others, rate, others);

        var count = Vector256.ConvertToSingle(units);
        var fewer = Vector256.FusedMultiplyAdd(-count, rate, count + Vector256.Create(Shift)).AsInt32()
            - Vector256.Create(Shift).AsInt32();
        return next | ((fewer | (averages.AsInt32() & Vector256.Create(int.MinValue))) & small).AsSingle();
    }
}
