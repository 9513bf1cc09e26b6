using Involute.Host.Reporting;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class RunSummaryTests
{
    private static readonly RunSummary Summary =
        new("mnist-1", "finished", 12, "ab12", 0.5, 42, "cd34", "persistent-es", "quadratic", 10);

    [Fact]
    public void Json_has_exactly_the_promised_properties() => Assert.Equal(
        """{"runId":"mnist-1","status":"finished","outerStep":12,"thetaSha256":"ab12","meanMetaLoss":0.5,"seed":42,"configSha256":"cd34","estimator":"persistent-es","task":"quadratic","checkpointStep":10,"theta":null,"progress":null,"forkedFrom":null,"where":null}""",
        Summary.ToJson());

    [Fact]
    public void A_fork_says_where_it_comes_from()
    {
        var fork = Summary with { ForkedFrom = new ForkOrigin("mnist-0", 7) };
        using var text = new StringWriter();
        fork.WriteTo(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }));

        Assert.Contains("mnist-0 at outer step 7", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\"forkedFrom\":{\"run\":\"mnist-0\",\"step\":7},\"where\":null}", fork.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(null)]
    public void A_loss_that_is_no_number_is_null(double? loss) => Assert.Contains(
        "\"meanMetaLoss\":null",
        new RunSummary("r", "running", 0, "", loss, 1, "", "", "", 0).ToJson(), StringComparison.Ordinal);

    [Fact]
    public void People_see_the_same()
    {
        using var text = new StringWriter();
        Summary.WriteTo(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }));
        foreach (var part in new[] { "mnist-1", "finished", "12 (checkpoint at 10)", "0.5", "ab12", "42" })
        {
            Assert.Contains(part, text.ToString(), StringComparison.Ordinal);
        }
    }
}
