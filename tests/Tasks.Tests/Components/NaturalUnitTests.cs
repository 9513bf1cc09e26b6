using Involute.Tasks.Components;
using Xunit;

namespace Involute.Tasks.Tests.Components;

public sealed class NaturalUnitTests
{
    [Theory]
    [InlineData("log_lr", "learning_rate", -4.605170185988091, 0.01)]
    [InlineData("log_epsilon", "epsilon", 0, 1)]
    [InlineData("log_one_minus_beta1", "beta1", -2.302585092994046, 0.9)]
    [InlineData("schedule/log_lr", "schedule/learning_rate", 0, 1)]
    [InlineData("outer/log_one_minus_x", "outer/x", 0, 0)]
    public void A_logarithm_says_what_it_is_of(string tensor, string name, double theta, double value)
    {
        var unit = NaturalUnit.Of(tensor)!;
        Assert.Equal(name, unit.Name);
        Assert.Equal(value, unit.Value(theta), 1e-12);
    }

    [Theory]
    [InlineData("lr")]
    [InlineData("w0")]
    [InlineData("log_")]
    [InlineData("log_one_minus_/w")]
    [InlineData("catalog_x")]
    public void Other_tensors_hold_what_they_are(string tensor) => Assert.Null(NaturalUnit.Of(tensor));
}
