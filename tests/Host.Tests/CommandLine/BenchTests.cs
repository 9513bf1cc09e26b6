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
            ["quadratic-10-adam", "quadratic-10-adam-packed", "pes-window-quadratic-16-pairs"],
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
    public async Task Kernels_have_their_share_of_the_peak_that_was_measured_beside_them()
    {
        var outcome = await InvoluteProcess.RunAsync(
            ["bench", "--filter", "mlp-64-32-10-b128-adam", "--seconds", "2", "--json"]);

        outcome.Expect(0);
        var rows = JsonDocument.Parse(outcome.AllOutput).RootElement.EnumerateArray().ToList();
        var peak = rows.Where(row => row.GetProperty("name").GetString()!.StartsWith("peak-", StringComparison.Ordinal))
            .Max(row => row.GetProperty("gflops").GetDouble());
        var step = rows.Single(row => row.GetProperty("name").GetString() == "mlp-64-32-10-b128-adam");
        Assert.InRange(step.GetProperty("gflops").GetDouble(), 0.01, peak);
        Assert.InRange(step.GetProperty("shareOfPeak").GetDouble(), 0.001, 1);
        Assert.Equal(
            step.GetProperty("laneStepsPerSecond").GetDouble() * 1_294_336 / 1e9,
            step.GetProperty("gflops").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Windows_on_a_device_are_measured()
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libinvolute-cpu-device.so")),
            "scripts/gpu-kernels cpu was not run before the build: there is no device 'cpu'");

        var outcome = await InvoluteProcess.RunAsync(
            ["bench", "--device", "cpu", "--filter", "step-function-packed-64-pairs", "--seconds", "1", "--json"]);

        outcome.Expect(0);
        var row = Assert.Single(JsonDocument.Parse(outcome.AllOutput).RootElement.EnumerateArray());
        Assert.Equal("cpu-step-function-packed-64-pairs", row.GetProperty("name").GetString());
        Assert.True(row.GetProperty("laneStepsPerSecond").GetDouble() > 1000);
        (await InvoluteProcess.RunAsync(["bench", "--device", "gpu0"])).ExpectOneLine(64, "--device: 'gpu0' names no device");
    }

    [Fact]
    public async Task A_whole_run_is_timed_from_the_start_of_its_process()
    {
        var outcome = await InvoluteProcess.RunAsync(["bench", "--filter", "start", "--seconds", "1", "--json"]);

        outcome.Expect(0);
        var row = Assert.Single(JsonDocument.Parse(outcome.AllOutput).RootElement.EnumerateArray());
        Assert.Equal("start", row.GetProperty("name").GetString());
        Assert.True(row.GetProperty("seconds").GetDouble() > 0.01);
    }

    [Fact]
    public async Task A_filter_that_fits_no_case_is_64() =>
        (await InvoluteProcess.RunAsync(["bench", "--filter", "quantum"]))
            .ExpectOneLine(64, "'quantum'", "quadratic-10-adam");
}
