using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Listing;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Live;
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
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var plugin = CommonOptions.MovedPlugin();
        var watch = new Option<bool>("--watch") { Description = "Show it again every two seconds, as long as it runs." };
        var command = new Command(
            "show",
            "Show how a run stands, also while it runs. With the settings of a shared store (--config hocon/postgresql.conf), also "
            + "one that only the database has.")
        {
            run, runs, config, set, plugin, json, watch,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var shared = ConfigurationLoader.LoadStore(parsed.GetValue(config)!, parsed.GetValue(set)!);
            await new RunDisplay(
                () => Summary(FoundRun.Find(
                    parsed.GetValue(runs)!, parsed.GetValue(run)!, shared, parsed.GetValue(plugin))),
                (summary, isFirst) => Print(summary, isFirst, parsed.GetValue(json)),
                TimeProvider.System).ShowAsync(parsed.GetValue(watch), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(RunSummary summary, bool isFirst, bool json)
    {
        if (json)
        {
            Console.WriteLine(summary.ToJson());
            return;
        }

        if (!isFirst)
        {
            Console.WriteLine();
        }

        summary.WriteTo(AnsiConsole.Console);
    }

    // What can be read is shown, also of a run that is not whole.
    private static (RunSummary Summary, string? Problem) Summary(FoundRun found)
    {
        if (found is not { Folder: { } folder, Configuration: { } configuration, Store: var store })
        {
            return (StoredRun.Summary(found), null);
        }

        var read = RunReader.Read(folder, configuration, store);
        var history = read.History;
        var status = RunStatusFile.Conclude(folder.ReadStatus(), RunClaim.IsClaimed(folder.FullPath, store));
        var timeline = read.Problem is null ? RunTimeline.Read(store) : null;
        return (new RunSummary(
            folder.RunId,
            status,
            history.LastStep,
            history.LastThetaSha256 ?? PlanFactory.InitialTheta(configuration).HashText(),
            history.Last?.MeanLoss,
            configuration.Seed,
            configuration.Sha256(),
            configuration.Estimator.Name,
            configuration.Task.Title,
            history.Checkpoint?.Step ?? 0,
            history.Checkpoint is { State.Theta: var theta } && ThetaValues.IsShort(theta)
                && RunReader.TryLayout(configuration) is { } layout
                    ? ThetaValues.Of(layout, theta)
                    : null,
            timeline is null ? null : Progress(folder, timeline, configuration, status == RunStatusFile.Running),
            ForkOrigin.Of(timeline?.Fork)), read.Problem);
    }

    private static RunProgress Progress(
        RunFolder folder, RunTimeline timeline, RunConfiguration configuration, bool isRunning)
    {
        var now = isRunning ? timeline.RateNow ?? timeline.Rate : null;
        return new RunProgress(
            configuration.OuterSteps,
            now,
            timeline.Rate,
            timeline.Seconds,
            now is { } rate ? (configuration.OuterSteps - timeline.Step) / rate : null,
            isRunning ? LiveStatus.Read(folder.Live) : null);
    }
}
