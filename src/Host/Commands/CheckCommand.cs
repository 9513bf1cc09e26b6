using System.CommandLine;
using System.CommandLine.Parsing;
using Involute.Host.Errors;
using Involute.Host.Planning;
using Involute.Runs.Configuration;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary>
/// <c>involute check</c>: whether the components of a run, those of a plugin above all, compute what a run needs. Writes
/// nothing.
/// </summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin("Check the components out of the assemblies in this folder.");
        var process = new Option<string?>("--process")
        {
            Description = "Check a problem that another program computes: its command, e.g. 'python3 pendulum.py'. The same as --set "
                + "involute.task=process with involute.task.command.",
            HelpName = "COMMAND",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "check", "Compute a few windows of a run with the same options of 'train' in several ways, which must agree in every "
                + "bit, and compare the task's gradient with finite differences; exit code 1 if something differs.")
        {
            config, set, plugin, process, json,
        };
        command.SetAction(parsed =>
        {
            string[] settings = [.. Settings(parsed.GetValue(process)), .. parsed.GetValue(set)!];
            var configuration = TrainCommand.Checked(
                ConfigurationLoader.Load(parsed.GetValue(config)!, settings, parsed.GetValue(plugin)));
            var report = ComponentReport.Of(configuration, PlanFactory.Create(configuration));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(report.ToJson());
            }
            else
            {
                report.Write(AnsiConsole.Console);
            }

            return report.Holds ? ExitCode.Ok : ExitCode.CheckFailed;
        });
        return command;
    }

    // As a shell would divide it.
    private static string[] Settings(string? process)
    {
        if (process is null)
        {
            return [];
        }

        var words = CommandLineParser.SplitCommandLine(process).ToList();
        return words.Count == 0
            ? throw new CommandException(ExitCode.Configuration, "--process: no program is named; allowed: a program and its arguments")
            : ["involute.task=process", $"involute.task.command=[{string.Join(", ", words.Select(HoconText.Quoted))}]"];
    }
}
