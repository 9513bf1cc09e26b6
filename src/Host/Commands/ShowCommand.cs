using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
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
            var (summary, problem) = Summary(
                RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!), parsed.GetValue(plugin));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(summary.ToJson());
            }
            else
            {
                summary.WriteTo(AnsiConsole.Console);
            }

            return problem is null ? ExitCode.Ok : throw new CommandException(ExitCode.Data, problem);
        });
        return command;
    }

    // What can be read is shown, also of a run that is not whole.
    private static (RunSummary Summary, string? Problem) Summary(RunFolder folder, string? plugin)
    {
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        var store = StoreFactory.Create(folder, configuration);
        var read = RunReader.Read(folder, configuration, store);
        var history = read.History;
        return (new RunSummary(
            folder.RunId,
            RunStatusFile.Conclude(folder.ReadStatus(), RunClaim.IsClaimed(folder.FullPath, store)),
            history.LastStep,
            history.LastThetaSha256 ?? PlanFactory.InitialTheta(configuration).HashText(),
            history.Last?.MeanLoss,
            configuration.Seed,
            configuration.Sha256(),
            configuration.Estimator.Name,
            configuration.Task.Title,
            history.Checkpoint?.Step ?? 0), read.Problem);
    }
}
