using System.Text.Json;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class EvalTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    [Fact]
    public async Task Theta_is_measured_against_its_start_and_a_tuned_adam()
    {
        string[] eval = ["eval", "short", "--runs", finished.Runs.Path, "--steps", "20", "--trials", "2"];
        var table = (await InvoluteProcess.RunAsync(eval)).Expect(0);
        foreach (var row in new[] { "meta-trained", "untrained", "tuned Adam" })
        {
            Assert.Contains(table.Output, line => line.StartsWith(row, StringComparison.Ordinal));
        }

        var json = (await InvoluteProcess.RunAsync([.. eval, "--json"])).Expect(0);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(json.AllOutput).ValueKind);
        Assert.Empty(json.Errors);
    }
}
