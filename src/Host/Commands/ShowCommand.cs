using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary><c>involute show RUN</c>: shows the state of a run, also while it runs. Writes nothing.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var plugin = CommonOptions.MovedPlugin();
        var command = new Command("show", "Show how a run stands, also while it runs.") { run, runs, plugin, json };
        command.SetAction(parsed =>
        {
            var summary = Summary(
                RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!), parsed.GetValue(plugin));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(summary.ToJson());
            }
            else
            {
                summary.WriteTo(AnsiConsole.Console);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static RunSummary Summary(RunFolder folder, string? plugin)
    {
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        var store = StoreFactory.Create(folder, configuration);
        var history = store.ReadIfBegun();
        foreach (var warning in history?.Warnings ?? [])
        {
            CommandErrors.Print($"warning: {warning}");
        }

        return new RunSummary(
            folder.RunId,
            RunStatusFile.Conclude(folder.ReadStatus(), RunClaim.IsClaimed(folder.FullPath, store)),
            history?.LastStep ?? 0,
            history?.LastThetaSha256 ?? PlanFactory.InitialTheta(configuration).HashText(),
            history?.LastMeanLoss,
            configuration.Seed,
            configuration.Sha256(),
            configuration.Estimator.Name,
            configuration.Task.Title,
            history?.Checkpoint?.Step ?? 0);
    }
}
