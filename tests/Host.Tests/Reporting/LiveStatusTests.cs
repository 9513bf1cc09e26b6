using System.Text.Json;
using Involute.Host.Reporting.Live;
using Xunit;

namespace Involute.Host.Tests.Reporting;

/// <summary>How a learner stands, as text and back.</summary>
public sealed class LiveStatusTests
{
    private static readonly JsonSerializerOptions Usual = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly DateTimeOffset Time = new(2026, 11, 29, 10, 15, 19, 698, TimeSpan.Zero);

    private static readonly LiveStatus Empty = new(Time, 7, 0, 1, 0, null, null, 0, null, [], [], 0, []);

    private static readonly LiveStatus Full = new(
        Time, 26788, 3, 1_000_000_000_000, 0.2995129, 3.3387543574917804, 1e300, 2, Time.ToOffset(TimeSpan.FromHours(2)),
        [new("[::1]:4053", 2, 53.5, 0.1, 1, 0.37), new("this \"process\" <ö>", 1, null, null, null, null)],
        [new(2, 1, 0.0204853, "a"), new(6, 4, double.Epsilon, "b")],
        5,
        [new(Time, "pair 3 failed:\n'no' \u2028 \ud83d\ude00")]);

    [Fact]
    public void The_text_is_the_serializers()
    {
        Assert.Equal(JsonSerializer.Serialize(Empty, Usual) + "\n", Empty.ToJson());
        Assert.Equal(JsonSerializer.Serialize(Full, Usual) + "\n", Full.ToJson());
    }

    [Fact]
    public void What_is_written_can_be_read()
    {
        Assert.Equal(Empty.ToJson(), LiveStatus.FromJson(Empty.ToJson())?.ToJson());
        Assert.Equal(Full.ToJson(), LiveStatus.FromJson(Full.ToJson())?.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"nodes\": 3}")]
    public void Anything_else_is_nothing(string text) => Assert.Null(LiveStatus.FromJson(text));
}
