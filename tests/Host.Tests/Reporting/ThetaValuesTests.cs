using System.Text.Json;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Tasks;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class ThetaValuesTests
{
    [Fact]
    public void A_short_theta_is_told_in_natural_units()
    {
        var layout = new ThetaLayout(("log_lr", [2]), ("log_one_minus_beta1", []), ("gain", []));
        var values = ThetaValues.Of(layout, Theta(0, 1000, 0, 1.5f))!;

        Assert.Equal("learning rate [1, not finite], beta1 0, gain 1.5", ThetaValues.Text(values));
        Assert.Equal(
            """{"learning_rate":[1,null],"beta1":0,"gain":1.5}""", JsonSerializer.Serialize(values));
    }

    [Fact]
    public void A_long_one_is_not() =>
        Assert.Null(ThetaValues.Of(new ThetaLayout(("w", [65])), Theta(new float[65])));

    // The settings of a run may have been edited.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void One_of_another_length_than_the_layout_is_not(int length) =>
        Assert.Null(ThetaValues.Of(new ThetaLayout(("w", [2])), Theta(new float[length])));

    private static Theta<float> Theta(params float[] values) => new(new ThetaVersion(1), values);
}
