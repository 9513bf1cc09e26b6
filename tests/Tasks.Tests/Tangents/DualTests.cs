using Involute.Tasks.Numerics;
using Involute.Tasks.Tangents;
using Xunit;

namespace Involute.Tasks.Tests.Tangents;

public sealed class DualTests
{
    // d/dx of (x² + 3) / x − ln x · √x + |−x| + e^(−x) + x · 2 − 1, by hand.
    [Theory]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(25)]
    public void Derivatives_follow_the_rules(double x)
    {
        var root = Math.Sqrt(x);
        var expected =
            1 - (3 / (x * x)) - ((1 / root) + (PortableMath.Log(x) / (2 * root))) + 1 - PortableMath.Exp(-x) + 2;
        Assert.Equal(expected, Function(new Dual<double>(x, 1)).Tangent, 1e-12);
        Assert.Equal(-3 * expected, Function(new Dual<double>(x, -3)).Tangent, 1e-12);
        Assert.Equal(0, Function(Dual<double>.Constant(x)).Tangent);
    }

    [Fact]
    public void Values_have_the_bits_of_plain_numbers()
    {
        for (var x = 0.01; x < 50; x *= 1.1)
        {
            Assert.Equal(Function(new Real<double>(x)).Value, Function(new Dual<double>(x, 1)).Value);
            Assert.Equal(
                FloatFunction(new Real<float>((float)x)).Value, FloatFunction(new Dual<float>((float)x, 1)).Value);
        }
    }

    [Fact]
    public void Any_function_comes_in_by_the_chain_rule()
    {
        var x = new Dual<double>(3, 2);
        Assert.Equal(
            new Dual<double>(27, 54), Dual<double>.Chain(x, x.Value * x.Value * x.Value, 3 * x.Value * x.Value));
        Assert.Equal(0, Abs(new Dual<double>(0, 1)).Tangent);
        Assert.Equal(-1, Abs(new Dual<double>(-4, 1)).Tangent);
    }

    // d/dx of sin x · cos x is cos² x − sin² x.
    [Theory]
    [InlineData(0.3)]
    [InlineData(-2)]
    public void Sine_and_cosine_have_each_other_as_slopes(double x)
    {
        var (sin, cos) = (PortableMath.Sin(x), PortableMath.Cos(x));
        var product = Product(new Dual<double>(x, 1));
        Assert.Equal((cos * cos) - (sin * sin), product.Tangent, 1e-15);
        Assert.Equal(Product(new Real<double>(x)).Value, product.Value);
    }

    private static TNumber Product<TNumber>(TNumber x)
        where TNumber : struct, IStepNumber<TNumber, double> => TNumber.Sin(x) * TNumber.Cos(x);

    private static TNumber Function<TNumber>(TNumber x)
        where TNumber : struct, IStepNumber<TNumber, double> =>
        (((x * x) + 3) / x) - (TNumber.Log(x) * TNumber.Sqrt(x)) + Abs(-x) + TNumber.Exp(-x) + (x * 2) - 1;

    private static TNumber FloatFunction<TNumber>(TNumber x)
        where TNumber : struct, IStepNumber<TNumber, float> =>
        (((x * x) + 3f) / x) - (TNumber.Log(x) * TNumber.Sqrt(x)) + TNumber.Exp(-x) + (x * 2f);

    private static TNumber Abs<TNumber>(TNumber x)
        where TNumber : struct, IStepNumber<TNumber, double> => TNumber.Abs(x);
}
