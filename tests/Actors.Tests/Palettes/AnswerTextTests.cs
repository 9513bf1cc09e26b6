using Involute.Actors.Palettes;
using Xunit;

namespace Involute.Actors.Tests.Palettes;

public sealed class AnswerTextTests
{
    private static readonly (string Key, string Heading)[] Columns = [("name", "name"), ("loss", "mean loss"), ("took", "window")];

    private static readonly Cell[][] Rows =
    [
        [Cell.Of("here"), Cell.Of(0.123456), Cell.Of(TimeSpan.FromMilliseconds(12.34))],
        [Cell.Of("127.0.0.1:4053"), Cell.Of(double.NaN), Cell.None],
    ];

    [Fact]
    public void A_table_is_aligned_for_people() => Assert.Equal(
        "name            mean loss  window\n"
        + "here               0.1235  12.3ms\n"
        + "127.0.0.1:4053        NaN       -",
        AnswerText.Table(json: false, Columns, Rows));

    [Fact]
    public void And_an_object_for_each_row_for_programs() => Assert.Equal(
        "{\"name\":\"here\",\"loss\":0.123456,\"took\":0.01234}\n"
        + "{\"name\":\"127.0.0.1:4053\",\"loss\":null,\"took\":null}",
        AnswerText.Table(json: true, Columns, Rows));

    [Fact]
    public void Details_stand_below_each_other_or_in_one_object()
    {
        (string, string, Cell)[] details =
            [("step", "outer step", Cell.Of(7)), ("isHeld", "held", Cell.Of(true, "yes", "no"))];
        Assert.Equal("outer step  7\nheld        yes", AnswerText.Details(json: false, details));
        Assert.Equal("{\"step\":7,\"isHeld\":true}", AnswerText.Details(json: true, details));
    }

    [Theory]
    [InlineData(0.00001, "10us")]
    [InlineData(0.5, "500.0ms")]
    [InlineData(59, "59.0s")]
    [InlineData(61, "1m 01s")]
    [InlineData(7300, "2h 01m")]
    [InlineData(100_000, "1d 3h")]
    public void A_time_has_a_few_characters(double seconds, string expected) =>
        Assert.Equal(expected, Cell.Duration(seconds));
}
