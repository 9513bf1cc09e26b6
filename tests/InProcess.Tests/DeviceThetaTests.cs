using Involute.Host.Tests.CommandLine;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>Whole runs on a device, the CPU in the place of a card, come to the theta of the processor alone.</summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class DeviceThetaTests : IDisposable
{
    // Two actors; trajectories of different lengths end inside windows.
    private static readonly string[] Steps =
    [
        "pairs=4", "pairs-per-actor=2", "window=5", "outer-steps=4", "threads=1", "checkpoint-interval=2",
        "truncation={ schedule = log-uniform, min = 4, max = 12, offset = 10 }",
    ];

    private readonly RunsOnDisk _runs = new();

    public DeviceThetaTests() => Assert.SkipUnless(
        File.Exists(Path.Combine(AppContext.BaseDirectory, "libinvolute-cpu-device.so")),
        "scripts/gpu-kernels cpu was not run before the build: there is no device 'cpu'");

    public static TheoryData<string, string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string, string>();
            foreach (var estimator in new[] { "persistent-es", "full-es", "noise-reuse-es" })
            {
                runs.Add(estimator, "task=fixed-dim-quadratic", "adam");
                runs.Add(estimator, "task=fixed-dim-quadratic", "mlp");
                runs.Add(estimator, "task={ name = image-mlp, hidden = [5], batch-size = 16 }", "adam");
            }

            return runs;
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _runs.Dispose();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Theta_is_that_of_the_processor(string estimator, string task, string optimizer)
    {
        await TrainAsync("here", $"estimator={estimator}", task, $"optimizer={optimizer}");
        await TrainAsync("there", $"estimator={estimator}", task, $"optimizer={optimizer}", "gpu.device=cpu");

        foreach (var file in new[] { "metrics.csv", "pairs.csv" })
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(_runs.File("here", file), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(_runs.File("there", file), TestContext.Current.CancellationToken));
        }

        Assert.Equal(await ThetaAsync("here"), await ThetaAsync("there"));
    }

    private async Task<string> ThetaAsync(string run)
    {
        var shown = (await InProcess.RunAsync(_runs.Path, "show", run, "--runs", _runs.Path, "--json")).Expect(0);
        return System.Text.Json.JsonElement.Parse(Assert.Single(shown.Output)).GetProperty("thetaSha256").GetString()!;
    }

    private async Task TrainAsync(string run, params IEnumerable<string> settings) =>
        (await InProcess.RunAsync(
            _runs.Path, ["train", "--name", run, "--runs", _runs.Path, "--no-eval", .. RunsOnDisk.Set([.. Steps, .. settings])])).Expect(0);
}
