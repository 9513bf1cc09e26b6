using System.Numerics;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Estimators.Tests.Noise;

// The plain loops, written out, are what each bit must be: of ordinary numbers, denormals, infinities and lists that fill no vector.
public sealed class ElementSumsTests
{
    private static readonly double[] Special =
        [0, -0.0, double.Epsilon, float.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static TheoryData<int> Lengths => [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 197];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_have_the_bits_of_plain_loops(int length)
    {
        Check<float>(length);
        Check<double>(length);
        Check<Half>(length);
    }

    [Fact]
    public void A_list_that_is_too_short_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementSums.Add<float>(new double[3], 1, 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementSums.Add<float>(new double[3], 1, 1, new float[3], 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementSums.Add<float>(new float[3], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ElementSums.PlusMinus<float>(new float[3], new float[3], new float[3], new float[2]));
    }

    private static void Check<T>(int length)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (x, y) = (Numbers<T>(1, length), Numbers<T>(2, length));
        var before = Array.ConvertAll(Numbers<T>(3, length), double.CreateTruncating);
        const double scale = 0.37, weightX = -1.3, weightY = 2.7;

        var sum = before.ToArray();
        ElementSums.Add<T>(sum, scale, weightX, x);
        Same(Each(length, i => before[i] + (scale * (weightX * double.CreateTruncating(x[i])))), sum);

        sum = before.ToArray();
        ElementSums.Add<T>(sum, scale, weightX, x, weightY, y);
        Same(
            Each(length, i =>
                before[i] + (scale * ((weightX * double.CreateTruncating(x[i])) + (weightY * double.CreateTruncating(y[i]))))),
            sum);

        var both = x.ToArray();
        ElementSums.Add<T>(both, y);
        Same(Each(length, i => x[i] + y[i]), both);

        // One more than is asked for: what lies behind must stay.
        var (plus, minus) = (Numbers<T>(4, length + 1), Numbers<T>(5, length + 1));
        T[] behind = [plus[length], minus[length]];
        ElementSums.PlusMinus<T>(x, y, plus, minus);
        Same(Each(length, i => x[i] + y[i]), plus[..length]);
        Same(Each(length, i => x[i] - y[i]), minus[..length]);
        Same(behind, [plus[length], minus[length]]);

        Same(Each(length, i => T.CreateTruncating(before[i])), ElementSums.Rounded<T>(before));
    }

    private static T[] Numbers<T>(int seed, int length)
        where T : struct, IFloatingPointIeee754<T>
    {
        var random = new CounterStream(seed, 0, 0, 0, RandomStream.ThetaInitialisation);
        return Each(length, i =>
        {
            var at = 3 * (uint)i;
            var number = Math.ScaleB(random.Normal(at), random.Integer(at + 1, 60) - 30);
            return T.CreateTruncating(random.Integer(at + 2, 6) == 0 ? Special[random.Integer(at + 1, Special.Length)] : number);
        });
    }

    private static T[] Each<T>(int length, Func<int, T> of) => [.. Enumerable.Range(0, length).Select(of)];

    // A sum of two NaNs may be either of them; any other number has one pattern of bits.
    private static void Same<T>(T[] expected, T[] actual)
        where T : struct, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                (T.IsNaN(expected[i]) && T.IsNaN(actual[i]))
                    || (expected[i] == actual[i] && T.IsNegative(expected[i]) == T.IsNegative(actual[i])),
                $"{i}: {expected[i]}, not {actual[i]}");
        }
    }
}
