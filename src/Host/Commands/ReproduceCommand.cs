using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Plots;
using Involute.Reproduction;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Runner;
using Involute.Runs.Folders;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary>
/// <c>involute reproduce NAME</c>: runs a published experiment and compares it with what was published.
/// </summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = $"One of {string.Join(", ", KnownExperiments.Names)}.",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "One parameter, e.g. sigma=0.05; lists are comma-separated. Repeatable. "
                + "Runs this one configuration instead of the published ones.",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string?>("--out")
        {
            Description = "Folder for plots and JSON; reproduce/NAME if absent.",
            HelpName = "DIR",
        };
        var quick = new Option<bool>("--quick")
        {
            Description = "A few of the published configurations, at small sizes.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the table." };
        var command = new Command(
            "reproduce", "Run a published experiment; exit code 1 when a number is not as published.")
        {
            name, set, output, quick, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(name)!, parsed.GetValue(set)!, parsed.GetValue(output), parsed.GetValue(quick),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(string name, string[] settings, string? output, bool quick, bool json)
    {
        var experiments = KnownExperiments.Of(name);
        if (experiments.Count > 1 && settings.Length > 0)
        {
            throw ParameterValues.Conflict("experiments have different parameters", "--set with one experiment");
        }

        var reports = new List<Report>();
        foreach (var experiment in experiments)
        {
            // Check all settings first: a run that cannot start leaves no folder behind.
            experiment.Check(ParameterValues.Published(experiment.Parameters).With(settings));
            var folder = Directory.CreateDirectory(Folder(experiment, output, experiments.Count > 1)).FullName;
            var report = ExperimentRunner.Run(experiment, settings, quick, Progress(experiment));
            reports.Add(report);
            AtomicFile.Write(Path.Combine(folder, $"{experiment.Name}.json"), ReportJson.Document(report));
            ExperimentPlots.Draw(experiment.Draw(report.Cases), folder);
            if (!json)
            {
                ReportTable.Write(report, AnsiConsole.Console);
                Console.WriteLine($"plots and JSON in {folder}");
            }
        }

        if (json)
        {
            Console.WriteLine(reports.Count == 1 ? ReportJson.Line(reports[0]) : ReportJson.Line(reports));
        }

        return reports.TrueForAll(report => report.AllInside) ? ExitCode.Ok : ExitCode.CheckFailed;
    }

    private static string Folder(IExperiment experiment, string? output, bool isOneOfSeveral) =>
        output is null ? Path.Combine("reproduce", experiment.Name)
        : isOneOfSeveral ? Path.Combine(output, experiment.Name)
        : output;

    private static Action<string>? Progress(IExperiment experiment) =>
        Console.IsErrorRedirected ? null : settings => CommandErrors.Print($"{experiment.Name} {settings}: done");
}
