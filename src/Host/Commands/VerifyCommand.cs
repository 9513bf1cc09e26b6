using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Runs.Verification;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary>
/// <c>involute verify RUN</c>: checks that a run's database is consistent, also during the run. Writes nothing.
/// </summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var plugin = CommonOptions.MovedPlugin();
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the table." };
        var replay = new Option<bool>("--replay")
        {
            Description = "Recompute the steps after each stored checkpoint, without actors, and compare.",
        };
        var fromStart = new Option<bool>("--from-start")
        {
            Description = "With --replay: recompute from step 0 too, and so the whole run.",
        };
        var steps = WholeNumberOption.Create(
            "--steps", "With --replay: at most so many steps from each starting point.", 1, long.MaxValue);
        var command = new Command(
            "verify", "Check a run's ledger and checkpoints, also while it runs; exit code 65 on a violation.")
        {
            run, runs, plugin, json, replay, fromStart, steps,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(replay) && (result.GetValue(fromStart) || result.GetResult(steps) is not null))
            {
                result.AddError("--from-start and --steps need --replay");
            }
        });
        command.SetAction(parsed => Run(
            RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!),
            parsed.GetValue(plugin),
            parsed.GetValue(json),
            parsed.GetValue(replay)
                ? (parsed.GetValue(fromStart), parsed.GetValue(steps) ?? long.MaxValue)
                : null));
        return command;
    }

    private static int Run(RunFolder folder, string? plugin, bool json, (bool FromStart, long Steps)? replay)
    {
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], plugin);
        var store = StoreFactory.Create(folder, configuration);
        var (plan, computation, why) = RunReader.TryCompute(configuration);
        var reading = new VerificationNews(Console.Error, TimeProvider.System);
        var verified = RunReader.Read(
            folder, configuration, store, computation, why, whole: true, progress: reading.Tell);
        var replayed = Replay.NotAskedFor;
        if (replay is var (fromStart, steps))
        {
            var news = new ReplayNews(Console.Error, TimeProvider.System);
            replayed = new Replay(plan ?? PlanFactory.Create(configuration), configuration.ComputeThreads())
            {
                FromStart = fromStart,
                MostSteps = steps,
                Progress = news.Tell,
                Optimizers = new ChangingSettings(configuration, verified.History.SettingChanges).OptimizerOf,
            }.Run(verified);
        }

        var report = VerificationReport.Of(verified, replayed);
        if (json)
        {
            Console.WriteLine(report.ToJson());
        }
        else
        {
            VerificationTable.Write(report, AnsiConsole.Console);
        }

        return report.Summary is { } summary ? throw new CommandException(ExitCode.Data, summary) : ExitCode.Ok;
    }
}
