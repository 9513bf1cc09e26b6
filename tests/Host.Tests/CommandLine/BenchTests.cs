using System.Text.Json;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class BenchTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cases_are_chosen_by_a_part_of_their_names()
    {
        var outcome = await InvoluteProcess.RunAsync(["bench", "--filter", "quadratic", "--seconds", "1", "--json"]);

        outcome.Expect(0);
        var rows = JsonDocument.Parse(outcome.AllOutput).RootElement.EnumerateArray().ToList();
        Assert.Equal(
            ["quadratic-10-adam", "pes-window-quadratic-16-pairs"],
            rows.Select(row => row.GetProperty("name").GetString()!));
        Assert.All(rows, row => Assert.True(row.GetProperty("laneStepsPerSecond").GetDouble() > 1000));
    }

    [Fact]
    public async Task Without_libtorch_its_cases_are_skipped_and_the_others_are_measured()
    {
        var nowhere = new Dictionary<string, string> { ["INVOLUTE_LIBTORCH"] = _folder.Path };
        var outcome = await InvoluteProcess.RunAsync(["bench", "--filter", "adam", "--seconds", "1"], nowhere);

        outcome.Expect(0);
        Assert.Contains(outcome.Output, line => line.StartsWith("quadratic-10-adam ", StringComparison.Ordinal));
        var skipped = Assert.Single(outcome.Output, line => line.StartsWith("skipped: ", StringComparison.Ordinal));
        Assert.Contains("torch-mlp-adam-lanes", skipped, StringComparison.Ordinal);
        Assert.DoesNotContain(outcome.Output, line => line.Contains("lanes / ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_that_fits_no_case_is_64() =>
        (await InvoluteProcess.RunAsync(["bench", "--filter", "quantum"]))
            .ExpectOneLine(64, "'quantum'", "quadratic-10-adam");
}
