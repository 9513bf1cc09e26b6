using System.CommandLine;
using Involute.Host.Benchmarks;
using Involute.Host.Errors;
using Involute.Runs.Configuration;
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
            "--seconds", $"Processor time for all cases together; {DefaultSeconds} by default.", 1, 3600);
        var json = new Option<bool>("--json") { Description = "Print one JSON array: cases, then ratios." };
        var command = new Command(
            "bench", "Measure how fast one core runs inner steps, windows and updates; cases that need libtorch are "
                + "skipped where there is none.")
        {
            filter, seconds, json,
        };
        command.SetAction(parsed =>
        {
            var report = BenchMeasurement.Of(
                Chosen(parsed.GetValue(filter)), BenchCases.Ratios,
                TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? DefaultSeconds), new ProcessorTime());
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

    private static IReadOnlyList<BenchCase> Chosen(string? filter)
    {
        IReadOnlyList<BenchCase> chosen =
            [.. BenchCases.All.Where(one => one.Name.Contains(filter ?? "", StringComparison.Ordinal))];
        return chosen.Count > 0 ? chosen : throw new CommandException(
            ExitCode.Configuration,
            $"--filter: no case is called {Excerpt.Quote(filter!)}; allowed: a part of "
                + string.Join(", ", BenchCases.All.Select(one => one.Name)));
    }
}
