using System.CommandLine;
using Involute.Host.Benchmarks;
using Involute.Host.Errors;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Tasks.Unrolls;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary><c>involute bench</c>: how fast one core of this machine runs the parts of a run. Writes nothing.</summary>
internal static class BenchCommand
{
    private const int DefaultSeconds = 30;

    public static Command Create()
    {
        var filter = new Option<string?>("--filter")
        {
            Description = "Only the cases whose names contain this.",
            HelpName = "TEXT",
        };
        var seconds = WholeNumberOption.Create(
            "--seconds", $"Time for all cases together; {DefaultSeconds} by default.", 1, 3600);
        var device = new Option<string?>("--device")
        {
            Description = "Only windows on this device, by the clock on the wall ('involute list devices').",
            HelpName = "NAME",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON array: cases, then ratios." };
        var command = new Command(
            "bench", "Measure how fast this machine runs inner steps, windows, updates and whole runs, beside what it can do at "
                + "most; cases that need libtorch are skipped where there is none.")
        {
            filter, seconds, device, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var (text, time) = (parsed.GetValue(filter) ?? "", TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? DefaultSeconds));
            var report = parsed.GetValue(device) is { } name and not GpuOptions.NoDevice
                ? OnDevice(name, text, time)
                : await ReportAsync(text, time).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(report.ToJson());
            }
            else
            {
                report.Write(AnsiConsole.Console);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static BenchReport OnDevice(string device, string filter, TimeSpan seconds)
    {
        try
        {
            OwnDevices.All.Describe(device);
        }
        catch (ProblemDeviceException absent) when (!absent.HasFailed)
        {
            throw new CommandException(ExitCode.Configuration, $"--device: {absent.Message}");
        }

        var all = DeviceCases.Of(OwnDevices.All, device);
        IReadOnlyList<BenchCase> cases = [.. all.Where(one => Fits(one.Name, filter))];
        return cases.Count > 0
            ? BenchMeasurement.Of(cases, [], seconds, TimeProvider.System)
            : throw NoCase(filter, all.Select(one => one.Name));
    }

    private static CommandException NoCase(string filter, IEnumerable<string> names) => new(
        ExitCode.Configuration,
        $"--filter: no case is called {Excerpt.Quote(filter)}; allowed: a part of {string.Join(", ", names)}");

    private static async Task<BenchReport> ReportAsync(string filter, TimeSpan seconds)
    {
        IReadOnlyList<BenchCase> cases = [.. BenchCases.All.Where(one => Fits(one.Name, filter))];
        IReadOnlyList<string> runs = [.. WholeRuns.Names.Where(name => Fits(name, filter))];
        if (cases.Count + runs.Count == 0)
        {
            throw NoCase(filter, [.. BenchCases.All.Select(one => one.Name), .. WholeRuns.Names]);
        }

        if (cases.Any(one => one.Flops is not null))
        {
            cases = [.. BenchCases.Peaks.Except(cases), .. cases];
        }

        // A quarter for each of the two runs.
        var share = seconds / 4;
        var report = BenchMeasurement.Of(
            cases, BenchCases.Ratios, runs.Count > 0 ? seconds - (2 * share) : seconds, new ProcessorTime());
        return runs.Count > 0
            ? report.With(await WholeRuns.MeasureAsync(runs, share).ConfigureAwait(false), BenchCases.RunRatios)
            : report;
    }

    private static bool Fits(string name, string filter) => name.Contains(filter, StringComparison.Ordinal);
}
