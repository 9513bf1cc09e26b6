using System.Text.Json;
using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Planning;

[Trait("Speed", "slow")]
public sealed class PlanCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_what_a_run_needs()
    {
        var outcome = await InvoluteProcess.RunAsync(
            ["plan", "--set", "involute.task=fixed-dim-quadratic", "--set", "involute.pairs=4"]);

        Assert.Equal(0, outcome.ExitCode);
        foreach (var line in new[] { "theta", "pairs", "memory", "checkpoint", "ledger", "kept thetas", "first outer step", "rate", "whole run" })
        {
            Assert.Contains(outcome.Output, printed => printed.StartsWith(line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task As_json_it_grows_as_the_run_does()
    {
        var (small, large) = (await Json("involute.pairs=4"), await Json("involute.pairs=40"));

        Assert.Equal(10 * small.GetProperty("pairs").GetInt32(), large.GetProperty("pairs").GetInt32());
        Assert.Equal(
            10 * small.GetProperty("stateBytes").GetInt64(), large.GetProperty("stateBytes").GetInt64());
        Assert.True(large.GetProperty("checkpointBytes").GetInt64() > small.GetProperty("checkpointBytes").GetInt64());
        Assert.True(small.GetProperty("outerStepsPerSecond").GetDouble() > 0);
        Assert.True(small.GetProperty("wholeRunSeconds").GetDouble() > 0);
    }

    [Fact]
    public async Task Workers_cost_the_wire_and_share_the_pairs()
    {
        var outcome = await Json("involute.pairs=40", "--workers", "4");

        Assert.True(outcome.GetProperty("wireBytesPerStep").GetInt64() > 40 * 32);
        Assert.True(outcome.GetProperty("workerMemoryBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_by_plan_and_train_and_no_folder_is_left()
    {
        string[] options = ["--set", "involute.pairs=40000", "--set", "involute.pairs-per-actor=20000"];
        foreach (string[] command in new string[][] { ["plan"], ["train", "--runs", _folder.Path] })
        {
            var outcome = await InvoluteProcess.RunAsync([.. command, .. options]);

            Assert.Equal(64, outcome.ExitCode);
            Assert.Contains("and an actor's may have 954 MiB; allowed: at most ", Assert.Single(outcome.Errors), StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static async Task<JsonElement> Json(string setting, params string[] options)
    {
        var outcome = await InvoluteProcess.RunAsync(
            ["plan", "--json", "--set", "involute.task=fixed-dim-quadratic", "--set", setting, .. options]);
        Assert.Equal(0, outcome.ExitCode);
        return JsonDocument.Parse(Assert.Single(outcome.Output)).RootElement;
    }
}
