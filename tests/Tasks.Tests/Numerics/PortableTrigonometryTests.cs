using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

#pragma warning disable RS0030 // The platform's functions are the reference here, within a tolerance.
public sealed class PortableTrigonometryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1e9)]
    public void Sine_and_cosine_agree_with_the_platform(double range)
    {
        var stream = new CounterStream(3, 0, 0, 0, RandomStream.TaskSample);
        for (var i = 0u; i < 50_000; i++)
        {
            var x = range * ((2 * stream.Uniform(i)) - 1);
            Assert.Equal(Math.Sin(x), PortableMath.Sin(x), Math.Abs(Math.Sin(x)) * 4.5e-16);
            Assert.Equal(Math.Cos(x), PortableMath.Cos(x), Math.Abs(Math.Cos(x)) * 4.5e-16);
        }
    }

    [Fact]
    public void Hyperbolic_tangent_agrees_with_the_platform()
    {
        var stream = new CounterStream(4, 0, 0, 0, RandomStream.TaskSample);
        for (var i = 0u; i < 50_000; i++)
        {
            var x = (40 * stream.Uniform(i)) - 20;
            Assert.Equal(Math.Tanh(x), PortableMath.Tanh(x), Math.Abs(Math.Tanh(x)) * 1e-15);
            var small = x / 100;
            Assert.Equal(Math.Tanh(small), PortableMath.Tanh(small), Math.Abs(Math.Tanh(small)) * 1e-15);
        }
    }

    // The double next to pi is off by 1.2e-16, which is then its sine: all digits of it are right.
    [Fact]
    public void Near_multiples_of_pi_the_relative_error_stays_small() =>
        Assert.Equal(1.2246467991473532e-16, PortableMath.Sin(Math.PI), 1e-31);

    [Fact]
    public void Edges_are_those_of_IEEE_754()
    {
        Assert.Equal(0, PortableMath.Sin(0));
        Assert.Equal(1, PortableMath.Cos(0));
        Assert.True(double.IsNaN(PortableMath.Sin(double.PositiveInfinity)));
        Assert.True(double.IsNaN(PortableMath.Cos(double.NaN)));
        Assert.InRange(PortableMath.Sin(1e300), -1, 1);
        Assert.Equal(1, PortableMath.Tanh(double.PositiveInfinity));
        Assert.Equal(-1, PortableMath.Tanh(-1000));
        Assert.Equal(1e-300, PortableMath.Tanh(1e-300));
        Assert.True(double.IsNaN(PortableMath.Tanh(double.NaN)));
    }

    [Fact]
    public void The_functions_of_a_number_type_are_the_rounded_ones_of_double()
    {
        Assert.Equal((float)PortableMath.Sin(0.7f), PortableMath.Sin<float>(0.7f));
        Assert.Equal(PortableMath.Exp(0.7), PortableMath.Exp<double>(0.7));
        Assert.Equal((float)PortableMath.Log((double)0.7f), PortableMath.Log<float>(0.7f));
    }

    // Any change of these bits changes every run: the values are frozen, not recomputed.
    [Fact]
    public void Bits_are_frozen()
    {
        Assert.Equal(0x3FEAED548F090CEE, BitConverter.DoubleToInt64Bits(PortableMath.Sin(1)));
        Assert.Equal(0x3FE14A280FB5068C, BitConverter.DoubleToInt64Bits(PortableMath.Cos(1)));
        Assert.Equal(0x3FE85EFAB514F394, BitConverter.DoubleToInt64Bits(PortableMath.Tanh(1)));
    }
}
