using System.CommandLine;
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
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "check", "Compute a few windows of a run with the same options of 'train' in several ways, which must agree in every "
                + "bit, and compare the task's gradient with finite differences; exit code 1 if something differs.")
        {
            config, set, plugin, json,
        };
        command.SetAction(parsed =>
        {
            var configuration = TrainCommand.Load(parsed, config, set, plugin);
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
}
