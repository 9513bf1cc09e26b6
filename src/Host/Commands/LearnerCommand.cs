using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Cluster;
using Involute.Host.Errors;
using Involute.Host.Operating;
using Involute.Host.Running;
using Involute.Host.Watching;
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
        var begin = new ForkOptions(config, set, plugin, runs);
        cluster.AddTo(command);
        begin.AddTo(command);
        var console = new ConsoleOption(usually: true);
        console.AddTo(command, network: true);
        var web = new WebOption();
        web.AddTo(command);
        var dashboard = new DashboardOption();
        dashboard.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) is not null
                && (result.GetValue(name) is not null || result.GetValue(config)!.Length > 0 || begin.IsAsked(result)))
            {
                result.AddError("--resume keeps the run's name and settings; allowed: without --name, --config and --from");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var arguments = cluster.Read(parsed);
            var listening = console.Read(parsed, arguments.Encryption);
            var serving = web.Read(parsed);
            var shown = dashboard.Read(parsed);
            if (parsed.GetValue(check))
            {
                return parsed.GetValue(resume) is { } old
                    ? await LearnerCheck.OfOldRunAsync(
                        arguments,
                        () => RunFolder.Open(parsed.GetValue(runs)!, old),
                        folder => Load(folder, parsed.GetValue(set)!, parsed.GetValue(plugin), arguments),
                        cancellation)
                    : await LearnerCheck.OfNewRunAsync(
                        arguments, () => begin.Load(parsed), parsed.GetValue(runs)!,
                        parsed.GetValue(name), cancellation);
            }

            arguments.Learner.RequireFree();
            using var signals = new StopSignals();
            await using var served = await ProcessWeb.OpenAsync(serving);
            await using var page = await ServedDashboard.OpenAsync(shown, parsed.GetValue(runs)!);
            await using var open = await RunOpening.OpenAsync(signals, stop => parsed.GetValue(resume) is { } run
                ? OpenAsync(
                    RunFolder.Open(parsed.GetValue(runs)!, run), parsed.GetValue(set)!, parsed.GetValue(plugin),
                    arguments, stop)
                : begin.BeginAsync(parsed, parsed.GetValue(name), stop));
            using var session = new RunSession(open, signals, stamps: true);
            var learner = await TrainingRun.LeadAsync(
                open, session.Options(arguments, listening, served), CancellationToken.None);
            Console.WriteLine(
                $"learner on {learner.Address} (pid {Environment.ProcessId}): "
                + $"start workers with 'involute worker --join {learner.Address}'");
            session.TellConsole(learner);
            served?.Serve(learner);
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
        var open = OpenRun.StandBy(folder, Load(folder, set, plugin, arguments).After);
        if (arguments.Join.Count == 0)
        {
            RunClaim.RequireFree(folder.FullPath, open.Store);
        }

        return open;
    }

    private static (RunConfiguration Before, RunConfiguration After) Load(
        RunFolder folder, string[] set, string? plugin, ClusterArguments arguments) =>
        set.Length > 0 && arguments.Join.Count > 0
            ? throw new CommandException(
                ExitCode.Configuration,
                "--set: a standby cannot change settings of the run; allowed: --set without --join")
            : ResumeCommand.Load(folder, set, plugin);
}
