using System.Diagnostics;
using System.Text.Json;
using Involute.Host.Reporting.Clock;
using Involute.Host.Reporting.TensorBoard;
using Involute.Host.Tests.Reporting.Clock;
using Involute.Host.Tests.Repository;
using Involute.Tasks;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting.TensorBoard;

/// <summary>
/// Event files are read by a program that shares no code with their writer: Debian's python3 with a parser made from the
/// definitions of the formats.
/// </summary>
[Trait("Speed", "slow")]
public sealed class EventFilesTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ThetaLayout Layout = new(("log_lr", []), ("w", [3]));

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_program_reads_the_names_of_the_reference_system_and_the_histograms()
    {
        var result = Steps.Of(7, 0, [1, 2, 3, 4]);
        var theta = new Estimators.Plans.Theta<float>(result.Version, [-2, 1, 2, 5]);
        using (var log = TensorBoardLog.Begin(_folder.Path, Layout, Time, 7))
        {
            var sums = default(StepTotals).With(result, 0.8);
            var row = new ClockRow(7, Time.AddSeconds(2), 10, 2, sums, 700)
            {
                GradientNorm = 0.5,
                UpdateNorm = 0.25,
                MetaLearningRate = 0.03,
                SignalToNoise = 1.5,
                Pairs = 4,
                Nodes = 2,
                Threads = 3,
                Discarded = 3,
                Restarts = 1,
            };
            log.Append(row, theta);
            log.AppendDetails(row, theta, [new NodeRow("127.0.0.1:4001", 2, 2, 0.2, 0.25, 0.05)]);
        }

        var events = await ReadAsync(Assert.Single(Directory.GetFiles(_folder.Path)));
        Assert.Equal("brain.Event:2", events[0].GetProperty("version").GetString());
        Assert.Equal((7, 1), (events[1].GetProperty("step").GetInt64(), events[1].GetProperty("session").GetInt32()));
        Assert.Equal(7, events[2].GetProperty("step").GetInt64());
        Assert.Equal(Time.AddSeconds(2).ToUnixTimeSeconds(), events[2].GetProperty("time").GetDouble());
        var scalars = events[2].GetProperty("scalars").EnumerateObject().ToDictionary(it => it.Name, it => it.Value.GetDouble());
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["mean_loss"] = 2.5,
                ["grad_norm"] = 0.5,
                ["update_norm"] = 0.25,
                ["meta_learning_rate"] = 0.03f,
                ["signal_to_noise"] = 1.5,
                ["reset_fraction"] = 0,
                ["diverged_fraction"] = 0,
                ["avg_staleness"] = 0,
                ["max_staleness"] = 0,
                ["removed_stale_grads"] = 3,
                ["unique_worker"] = 2,
                ["buffer_size"] = 4,
                ["global_step_per_second"] = 0.5,
                ["total_time/inner_steps_per_second"] = 50,
                ["total_time/elapsed_seconds"] = 10,
                ["total_time/inner_steps"] = 700,
                ["total_time/waiting_share"] = 5.2f / 6f,
                ["restarts"] = 1,
                ["theta_mean_abs/log_lr"] = 2,
                ["theta_mean_abs/w"] = 8f / 3,
                ["theta_value/learning_rate"] = scalars["theta_value/learning_rate"],
                ["theta_value/w[0]"] = 1,
                ["theta_value/w[1]"] = 2,
                ["theta_value/w[2]"] = 5,
            }.OrderBy(it => it.Key).Select(it => (it.Key, Math.Round(it.Value, 5))),
            scalars.OrderBy(it => it.Key).Select(it => (it.Key, Math.Round(it.Value, 5))));
        Assert.Equal(0.135335, scalars["theta_value/learning_rate"], 1e-6);

        var histogram = events[3].GetProperty("histograms").GetProperty("theta/w");
        Assert.Equal((1, 5, 3), (Number(histogram, "min"), Number(histogram, "max"), Number(histogram, "num")));
        Assert.Equal((8, 30), (Number(histogram, "sum"), Number(histogram, "sum_squares")));
        Assert.Equal(3, histogram.GetProperty("counts").EnumerateArray().Sum(it => it.GetDouble()));
        Assert.Equal(
            histogram.GetProperty("limits").GetArrayLength(), histogram.GetProperty("counts").GetArrayLength());
        Assert.Equal(0.25, events[3].GetProperty("scalars").GetProperty("node_share/127.0.0.1:4001").GetDouble());
    }

    [Fact]
    public async Task A_resumed_run_has_another_file_that_begins_at_its_step()
    {
        TensorBoardLog.Begin(_folder.Path, Layout, Time, 1).Dispose();
        TensorBoardLog.Begin(_folder.Path, Layout, Time, 5).Dispose();
        var files = Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, files.Length);
        Assert.Equal(5, (await ReadAsync(files[1]))[1].GetProperty("step").GetInt64());
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static async Task<JsonElement[]> ReadAsync(string file)
    {
        using var process = Start(
            [Path.Combine(SourceTree.Root, "tests/Fixtures/tensorboard/read_events.py"), file]);
        Assert.SkipWhen(process is null, "there is no python3 (Debian: apt-get install python3)");
        var errors = process!.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return [.. JsonElement.Parse(output).EnumerateArray()];
    }

    private static Process? Start(string[] arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
