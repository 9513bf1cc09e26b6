using System.CommandLine;
using Involute.Host.Cluster;
using Involute.Runs.Configuration;
using Involute.Host.Running;
using Involute.Runs.Folders;
using Involute.Runs.Claims;

namespace Involute.Host.Commands;

/// <summary><c>involute learner</c>: leads a run whose pairs are computed by workers, or stands by to.</summary>
internal static class LearnerCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin("Train a problem of your own; workers need the same folder (worker --plugin DIR).");
        var runs = CommonOptions.Runs();
        var noEval = CommonOptions.NoEval();
        var cluster = new ClusterArgumentOptions();
        var name = new Option<string?>("--name")
        {
            Description = "Begin a run of this name; generated if absent.",
            HelpName = "NAME",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Go on with this run; with --join, as a standby while another learner leads it.",
            HelpName = "RUN",
        };
        var command = new Command("learner", "Lead a run whose pairs are computed by workers, or stand by to.")
        {
            config, set, plugin, name, resume, runs, noEval,
        };
        cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) is not null
                && (result.GetValue(name) is not null || result.GetValue(config)!.Length > 0))
            {
                result.AddError("--resume goes on with a run as it was begun: without --name and --config");
            }
        });
        command.SetAction((parsed, _) =>
        {
            var arguments = cluster.Read(parsed);
            var evaluate = !parsed.GetValue(noEval);
            if (parsed.GetValue(resume) is not { } run)
            {
                return TrainCommand.RunAsync(
                    TrainCommand.Load(parsed, config, set, plugin),
                    parsed.GetValue(runs)!,
                    parsed.GetValue(name),
                    evaluate,
                    (folder, configuration) => Start(folder, configuration, arguments, isStandby: false));
            }

            var folder = RunFolder.Open(parsed.GetValue(runs)!, run);
            return arguments.Join.Count == 0 && (parsed.GetValue(set)!.Length > 0 || !NodesFile.NamesAnotherLearner(folder, arguments.Listen))
                ? ResumeCommand.RunAsync(
                    folder,
                    parsed.GetValue(set)!,
                    parsed.GetValue(plugin),
                    evaluate,
                    (_, configuration) => Start(folder, configuration, arguments, isStandby: false))
                : StandByAsync(folder, parsed.GetValue(set)!, parsed.GetValue(plugin), evaluate, arguments);
        });
        return command;
    }

    private static ClusterStart Start(
        RunFolder folder, RunConfiguration configuration, ClusterArguments arguments, bool isStandby) => new(
            folder,
            configuration.ToHocon(),
            arguments,
            isStandby,
            address => Console.WriteLine(
                $"learner on {address} (pid {Environment.ProcessId}): workers come with 'involute worker --join {address}'"));

    // Nothing is written before it is this process's turn: the run may be another's. Also for a learner that comes back and
    // knows that it had a standby: that one is older in the cluster now, and would wait for a run that this one held.
    private static async Task<int> StandByAsync(
        RunFolder folder, string[] set, string? plugin, bool evaluate, ClusterArguments arguments)
    {
        if (set.Length > 0)
        {
            throw new CommandException(
                ExitCode.Configuration, "--set: a learner that stands by leads the run as it is; allowed without --join");
        }

        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        var store = StoreFactory.Create(folder, configuration);
        if (arguments.Join.Count == 0 && RunClaim.IsClaimed(folder.FullPath, store))
        {
            throw new RunClaimedException(folder.FullPath, store.Claimant() ?? FolderClaim.Claimant(folder.FullPath));
        }

        var plan = PlanFactory.Create(configuration);
        Console.WriteLine($"run {folder.RunId} in {folder.FullPath}");
        return await RunPipeline.CompleteAsync(
            folder,
            configuration,
            plan,
            store,
            new TaskCompletionSource<RunClaimedException>().Task,
            resume: true,
            [],
            evaluate,
            Start(folder, configuration, arguments, isStandby: true));
    }
}
