using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Actors.Local;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Host.Running;
using Involute.Hosting;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute learner</c>: leads a run whose pairs workers compute, or stands by to lead it.</summary>
internal static class LearnerCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin(
            "Components of your own; workers need the same folder (worker --plugin DIR).");
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
        var check = CheckReport.Option("listen, join, and begin or go on with its run; nothing is written");
        var command = new Command("learner", "Lead a run whose pairs workers compute, or stand by.")
        {
            config, set, plugin, name, resume, runs, noEval, check,
        };
        cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) is not null
                && (result.GetValue(name) is not null || result.GetValue(config)!.Length > 0))
            {
                result.AddError("--resume keeps the run's name and settings; allowed: without --name and --config");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var arguments = cluster.Read(parsed);
            if (parsed.GetValue(check))
            {
                return await LearnerCheck.RunAsync(
                    arguments,
                    () => parsed.GetValue(resume) is { } old
                        ? ConfigurationLoader.LoadRun(
                            RunFolder.Open(parsed.GetValue(runs)!, old).FullPath, parsed.GetValue(set)!,
                            parsed.GetValue(plugin))
                        : TrainCommand.Load(parsed, config, set, plugin),
                    parsed.GetValue(runs)!, parsed.GetValue(name), parsed.GetValue(resume), cancellation);
            }

            arguments.Learner.RequireFree();
            await using var open = parsed.GetValue(resume) is { } run
                ? await OpenAsync(
                    RunFolder.Open(parsed.GetValue(runs)!, run), parsed.GetValue(set)!, parsed.GetValue(plugin),
                    arguments, cancellation)
                : await OpenRun.BeginAsync(
                    TrainCommand.Load(parsed, config, set, plugin), parsed.GetValue(runs)!, parsed.GetValue(name),
                    cancellation);
            using var session = new RunSession(open);
            var learner = await TrainingRun.LeadAsync(open, session.Options(arguments), CancellationToken.None);
            Console.WriteLine(
                $"learner on {learner.Address} (pid {Environment.ProcessId}): "
                + $"start workers with 'involute worker --join {learner.Address}'");
            return await session.CompleteAsync(learner, evaluate: !parsed.GetValue(noEval));
        });
        return command;
    }

    // A learner that is started again and knows that it had a standby stands by itself: the former standby is the
    // cluster's older member now, and would wait for the run if this process claimed it.
    private static Task<OpenRun> OpenAsync(
        RunFolder folder, string[] set, string? plugin, ClusterArguments arguments, CancellationToken cancellation) =>
        arguments.Join.Count == 0 && (set.Length > 0 || !NodesFile.NamesAnotherLearner(folder, arguments.Listen))
            ? ResumeCommand.OpenAsync(folder, set, plugin, at: null, cancellation)
            : Task.FromResult(StandBy(folder, set, plugin, arguments));

    // This process writes nothing before it leads: another learner may hold the run.
    private static OpenRun StandBy(RunFolder folder, string[] set, string? plugin, ClusterArguments arguments)
    {
        if (set.Length > 0)
        {
            throw new CommandException(
                ExitCode.Configuration,
                "--set: a standby cannot change settings of the run; allowed: --set without --join");
        }

        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        AkkaSettings.Require(configuration.Akka);
        var open = OpenRun.StandBy(folder, configuration);
        return arguments.Join.Count == 0 && RunClaim.IsClaimed(folder.FullPath, open.Store)
            ? throw new RunClaimedException(
                folder.FullPath, open.Store.Claimant() ?? FolderClaim.Claimant(folder.FullPath))
            : open;
    }
}
