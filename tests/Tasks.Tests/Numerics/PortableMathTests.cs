using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

#pragma warning disable RS0030 // The platform's functions are the reference here, within a tolerance.
public sealed class PortableMathTests
{
    [Fact]
    public void Exp_agrees_with_the_platform_to_two_units_in_the_last_place()
    {
        var stream = new CounterStream(1, 0, 0, 0, RandomStream.TaskSample);
        for (var i = 0u; i < 50_000; i++)
        {
            var x = (stream.Uniform(i) * 1400) - 700;
            var expected = Math.Exp(x);
            Assert.InRange(PortableMath.Exp(x) / expected, 1 - 4.5e-16, 1 + 4.5e-16);
        }
    }

    [Fact]
    public void Log_agrees_with_the_platform_to_two_units_in_the_last_place()
    {
        var stream = new CounterStream(2, 0, 0, 0, RandomStream.TaskSample);
        for (var i = 0u; i < 50_000; i++)
        {
            var x = Math.Exp((stream.Uniform(i) * 1400) - 700);
            Assert.Equal(Math.Log(x), PortableMath.Log(x), 2 * Math.BitIncrement(Math.Abs(Math.Log(x))) * 2.3e-16);
            var near = 0.5 + stream.Uniform(i);
            Assert.Equal(Math.Log(near), PortableMath.Log(near), Math.Max(Math.Abs(Math.Log(near)) * 4.6e-16, 1e-300));
        }
    }

    [Fact]
    public void Edges_are_those_of_IEEE_754()
    {
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Exp(-800));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(710));
        Assert.Equal(0, PortableMath.Exp(double.NegativeInfinity));
        Assert.True(double.IsNaN(PortableMath.Exp(double.NaN)));
        Assert.Equal(Math.Exp(-740), PortableMath.Exp(-740));
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.Equal(double.PositiveInfinity, PortableMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(PortableMath.Log(-1)));
        Assert.Equal(Math.Log(5e-324), PortableMath.Log(5e-324), 1e-12);
    }

    // Any change of these bits changes every run: the values are frozen, not recomputed.
    [Fact]
    public void Bits_are_frozen()
    {
        Assert.Equal(0x4005BF0A8B145769, BitConverter.DoubleToInt64Bits(PortableMath.Exp(1)));
        Assert.Equal(0x3FE62E42FEFA39EF, BitConverter.DoubleToInt64Bits(PortableMath.Log(2)));
        Assert.Equal(-4606501057743989482, BitConverter.DoubleToInt64Bits(PortableMath.Log(0.01)));
    }
}
