using Involute.Host.Reporting;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0, "0.0s")]
    [InlineData(0.00321, "0.0032s")]
    [InlineData(0.94, "0.9s")]
    [InlineData(59.94, "59.9s")]
    [InlineData(245.9, "4m 05s")]
    [InlineData(9000, "2h 30m")]
    [InlineData(86_400 * 3.2, "3d 4h")]
    [InlineData(86_400 * 365.25 * 17, "17 years")]
    [InlineData(86_400 * 365.25 * 2.5e9, "2.5E+9 years")]
    [InlineData(double.PositiveInfinity, "Infinity years")]
    public void A_time_of_any_length_is_short(double seconds, string text) =>
        Assert.Equal(text, DurationText.Of(seconds));
}
