using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed class SubnormalsTests
{
    private const int LeastNormalBits = 0x80_0000;

    public static TheoryData<float> Rates => [0f, 1e-7f, 1e-4f, 0.001f, 0.1f, 0.163f, 0.25f, 0.5f, 0.9f, 0.99999994f, 1f, 1.5f, float.NaN];

    [Theory]
    [MemberData(nameof(Rates))]
    public void Averages_and_velocities_have_the_bits_of_plain_operations(float rate)
    {
        // All counts up to 4,096 units, counts around each power of two, and ordinary numbers; each with each kind of value.
        float[] values = [0, -0f, float.Epsilon, -1e-40f, 1e-38f, 1e-20f, -0.3f, 1e30f, float.NaN, float.NegativeInfinity];
        var counts = Enumerable.Range(0, 4096)
            .Concat(Enumerable.Range(12, 14).SelectMany(bit => Enumerable.Range((1 << bit) - 3, 6)))
            .Concat([LeastNormalBits, BitConverter.SingleToInt32Bits(1e-4f), BitConverter.SingleToInt32Bits(float.PositiveInfinity)]);
        var averages = counts.Select(BitConverter.Int32BitsToSingle).SelectMany(a => new[] { a, -a }).ToArray();
        foreach (var value in values)
        {
            for (var i = 0; i + Vector256<float>.Count <= averages.Length; i += Vector256<float>.Count)
            {
                Check(Vector256.LoadUnsafe(ref averages[i]), Vector256.Create(value), rate);
            }
        }
    }

    [Fact]
    public void Each_lane_is_by_itself()
    {
        var drawn = new DrawnFloats(1);
        for (var round = 0; round < 20_000; round++)
        {
            var (averages, values) = (new float[8], new float[8]);
            for (var lane = 0; lane < 8; lane++)
            {
                averages[lane] = drawn.OfAnyMagnitude();
                values[lane] = drawn.Once(2) ? 0 : drawn.OfAnyMagnitude();
            }

            Check(Vector256.Create(averages), Vector256.Create(values), drawn.Uniform());
        }
    }

    [Theory]
    [InlineData(Subnormals.LeastScale)]
    [InlineData(1e-9f)]
    [InlineData(0.0123f)]
    [InlineData(0.7f)]
    [InlineData(1f)]
    [InlineData(316.22775f)]
    public void Lifted_products_are_those_of_plain_operations_times_the_lift(float scale)
    {
        var drawn = new DrawnFloats(2);
        var plain = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var values = new float[8];
            for (var lane = 0; lane < 8; lane++)
            {
                values[lane] = drawn.Once(4) ? 0 : round % 3 == 0 ? drawn.Uniform() : drawn.OfAnyMagnitude();
            }

            // Some lane is one of the largest, infinite or NaN.
            float[] others = [0, -0f, 65536 / scale, float.NaN, float.NegativeInfinity];
            values[round % 8] = others[round % others.Length];
            var x = Vector256.Create(values);
            var expected = x * Vector256.Create(scale) * Vector256.Create(Subnormals.Lift);
            Assert.Equal(FloatBits.Of(expected), FloatBits.Of(Subnormals.LiftedProduct(x, scale)));
            if (!Subnormals.AnyBelow(x, Subnormals.LeastFactor(scale)))
            {
                plain++;
                Assert.Equal(FloatBits.Of(expected), FloatBits.Of(x * Vector256.Create(scale * Subnormals.Lift)));
            }
        }

        Assert.InRange(plain, 1, 19_999);
    }

    private static void Check(Vector256<float> averages, Vector256<float> values, float rate)
    {
        var rates = Vector256.Create(rate);
        var expected = Vector256.FusedMultiplyAdd(values - averages, rates, averages);
        var next = Subnormals.NextAverages(averages, values, rates, Subnormals.Bound(rate));
        if (FloatBits.Of(expected) != FloatBits.Of(next))
        {
            Assert.Fail($"{averages} towards {values} at {rate}: {next} instead of {expected}");
        }

        // Sixteen: these eight, and their next ones towards 0.
        var bound = Subnormals.Bound(rate);
        var wide = Subnormals.NextAverages(
            Vector512.Create(averages, next), Vector512.Create(values, Vector256<float>.Zero), Vector512.Create(rate), Vector512.Create(bound, bound));
        var after = Vector256.FusedMultiplyAdd(-next, rates, next);
        if (FloatBits.Of(expected) != FloatBits.Of(wide.GetLower()) || FloatBits.Of(after) != FloatBits.Of(wide.GetUpper()))
        {
            Assert.Fail($"{averages} towards {values} at {rate}, and then towards 0: {wide} instead of {expected} and {after}");
        }

        expected = Vector256.FusedMultiplyAdd(averages, rates, values);
        next = Subnormals.NextVelocities(averages, values, rates, Subnormals.Bound(rate));
        if (FloatBits.Of(expected) != FloatBits.Of(next))
        {
            Assert.Fail($"{averages} times {rate} plus {values}: {next} instead of {expected}");
        }
    }
}
