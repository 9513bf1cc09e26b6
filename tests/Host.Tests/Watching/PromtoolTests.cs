using System.Diagnostics;
using Involute.Actors.Telemetry;
using Involute.Dashboard.Metrics;
using Involute.Host.Tests.Reporting;
using Involute.Hosting;
using Involute.Runs;
using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Host.Tests.Watching;

[Trait("Speed", "slow")]
public sealed class PromtoolTests
{
    [Fact]
    public async Task What_a_run_measures_passes_promtool_check_metrics()
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed (Debian: prometheus)");
        using var reading = new MeterReading([InvoluteTelemetry.Name]);
        using var instruments = new RunInstruments("first", 10, null, TimeProvider.System);
        foreach (var result in SmallRun.Steps(new LearnableSgd(0.1), 3))
        {
            instruments.StepCompleted(result);
            instruments.StepMeasured(result, new StepCourse([], [], new Dictionary<string, int> { ["akka://a/user/node"] = 2 }, 0, 1));
        }

        InvoluteTelemetry.WindowComputed(TimeSpan.FromMilliseconds(3));
        var start = new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = PrometheusText.Of(reading.Read());
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        var problems = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("involute_outer_steps_total{run=\"first\"} 3\n", text, StringComparison.Ordinal);
        Assert.True(process.ExitCode == 0, $"{problems}\n{text}");
    }
}
