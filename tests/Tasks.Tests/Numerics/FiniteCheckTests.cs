using Involute.Tasks.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Numerics;

public sealed class FiniteCheckTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(45)]
    public void One_number_that_is_not_finite_is_found_wherever_it_stands(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.MaxValue);
        Assert.True(FiniteCheck.AllFinite(values));
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (var i = 0; i < length; i++)
            {
                values[i] = bad;
                Assert.False(FiniteCheck.AllFinite(values));
                values[i] = float.MaxValue;
            }
        }
    }
}
