using Involute.Tasks.Randomness;
using Xunit;

namespace Involute.Tasks.Tests.Randomness;

public sealed class StandardNormalTests
{
    // Percentage points that Wichura (1988) prints for PPND16, and tables' well-known ones.
    [Theory]
    [InlineData(0.25, -0.6744897501960817)]
    [InlineData(0.001, -3.090232306167814)]
    [InlineData(1e-20, -9.262340089798408)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.5, 0.0)]
    public void Quantiles_are_exact_to_double(double probability, double expected) =>
        Assert.Equal(expected, StandardNormal.Quantile(probability), 1e-15 * Math.Max(1, Math.Abs(expected)) * 2);

    [Fact]
    public void Is_odd_about_one_half()
    {
        for (var p = 1.0 / 64; p < 0.5; p += 1.0 / 64)
        {
            Assert.Equal(-StandardNormal.Quantile(p), StandardNormal.Quantile(1 - p));
        }
    }
}
