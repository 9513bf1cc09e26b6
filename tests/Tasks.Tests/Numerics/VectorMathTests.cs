#pragma warning disable RS0030 // Math.Exp and Math.Log are what our own functions are measured against.
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed class VectorMathTests
{
    // A prime step through the bit patterns visits every exponent and all kinds of mantissas.
    private const int Stride = 7919;

    [Fact]
    public void Four_exponentials_at_once_have_the_bits_of_each_alone()
    {
        float[] numbers =
        [
            0, -0f, 1e-41f, -1e-41f, 1, -1, 0.34657359f, -0.34657359f, 88, -87, -87.4f, -103, -200, float.MinValue, float.NegativeInfinity,
            float.NaN, VectorMath.MaxExponent, -50.5f, 3.25f, -7.125f, 12.5f, -0.0625f, 1e-3f, -1e-3f, 20, -20, 40, -40, 60, -60, 80, -80,
        ];
        var vectors = Enumerable.Range(0, 4).Select(i => Vector256.Create(numbers, 8 * i)).ToArray();
        var together = vectors.ToArray();
        VectorMath.ExpBelow<Floats8, Vector256<float>>(
            ref together[0], ref together[1], ref together[2], ref together[3]);
        for (var i = 0; i < vectors.Length; i++)
        {
            Assert.Equal(VectorMath.ExpBelow<Floats8, Vector256<float>>(vectors[i]).AsInt32(), together[i].AsInt32());
        }
    }

    [Fact]
    public void Sixteen_exponentials_have_the_bits_of_eight()
    {
        // Every exponent, both signs, infinite numbers and NaN: a prime step through all bit patterns.
        const uint Step = 1_000_003;
        var numbers = new float[Vector512<float>.Count];
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Step * (ulong)numbers.Length)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = BitConverter.UInt32BitsToSingle((uint)(bits + (Step * (ulong)i)));
            }

            var wide = VectorMath.Exp<Floats16, Vector512<float>>(Vector512.Create(numbers));
            Assert.Equal(FloatBits.Of(VectorMath.Exp(Vector256.Create(numbers, 0))), FloatBits.Of(wide.GetLower()));
            Assert.Equal(FloatBits.Of(VectorMath.Exp(Vector256.Create(numbers, 8))), FloatBits.Of(wide.GetUpper()));
        }
    }

    [Fact]
    public void Exp_errs_by_less_than_one_unit_in_the_last_place()
    {
        var worst = 0.0;
        var negative = Floats(1e-30f, -VectorMath.MinExponent).Select(x => -x);
        foreach (var x in Floats(1e-30f, VectorMath.MaxExponent).Concat(negative))
        {
            worst = Math.Max(worst, ErrorInUlps(VectorMath.Exp(x), Math.Exp(x)));
        }

        Assert.InRange(worst, 0.5, 1);
    }

    [Fact]
    public void Log_errs_by_less_than_one_unit_in_the_last_place()
    {
        var worst = 0.0;
        foreach (var x in Floats(float.Epsilon, float.MaxValue).Concat(Floats(0.5f, 2f, 37)))
        {
            worst = Math.Max(worst, ErrorInUlps(VectorMath.Log(x), Math.Log(x)));
        }

        Assert.InRange(worst, 0.5, 1);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-87f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(88.73f, float.PositiveInfinity)]
    [InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_of_special_numbers(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(x));

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(-1f, float.NaN)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Log_of_special_numbers(float x, float expected) => Assert.Equal(expected, VectorMath.Log(x));

    [Fact]
    public void Minus_zero_is_zero()
    {
        Assert.Equal(1, VectorMath.Exp(-0f));
        Assert.Equal(float.NegativeInfinity, VectorMath.Log(-0f));
    }

    [Fact]
    public void The_largest_exponent_is_still_finite() =>
        Assert.True(float.IsFinite(VectorMath.Exp(VectorMath.MaxExponent)));

    [Fact]
    public void Lanes_do_not_influence_each_other()
    {
        var x = Vector256.Create(-90f, -3.7f, float.NaN, 0.2f, 1e-20f, 17.3f, float.PositiveInfinity, 88.7f);
        var (exp, log) = (VectorMath.Exp(x), VectorMath.Log(x));
        for (var i = 0; i < Vector256<float>.Count; i++)
        {
            Assert.Equal(Bits(VectorMath.Exp(x[i])), Bits(exp[i]));
            Assert.Equal(Bits(VectorMath.Log(x[i])), Bits(log[i]));
        }
    }

    private static int Bits(float x) => BitConverter.SingleToInt32Bits(x);

    private static IEnumerable<float> Floats(float from, float to, int stride = Stride)
    {
        for (long bits = Bits(from); bits <= Bits(to); bits += stride)
        {
            yield return BitConverter.Int32BitsToSingle((int)bits);
        }
    }

    private static double ErrorInUlps(float actual, double expected)
    {
        var rounded = Math.Max(Math.Abs((float)expected), 1.17549435e-38f);
        return Math.Abs(actual - expected) / (MathF.BitIncrement(rounded) - (double)rounded);
    }
}
