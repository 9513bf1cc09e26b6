using System.CommandLine;
using Involute.Host.Cluster;
using Involute.Runs.Configuration;
using Involute.Host.Running;
using Involute.Runs.Folders;
using Involute.Runs.Claims;
using Involute.Runs.Stores;

namespace Involute.Host.Commands;

/// <summary><c>involute resume RUN</c>: goes on with a run, whatever ended it.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.MovedPlugin();
        var runs = CommonOptions.Runs();
        var noEval = CommonOptions.NoEval();
        var workers = CommonOptions.Workers();
        var command = new Command("resume", "Go on with a run after Ctrl-C, SIGTERM, a crash or its end.")
        {
            run, set, plugin, runs, noEval, workers,
        };
        command.SetAction((parsed, _) => RunAsync(
            RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!),
            parsed.GetValue(set)!,
            parsed.GetValue(plugin),
            evaluate: !parsed.GetValue(noEval),
            (folder, configuration) => WorkersStart.Of(parsed.GetValue(workers), folder, configuration)));
        return command;
    }

    /// <summary>Goes on with a run.</summary>
    public static async Task<int> RunAsync(
        RunFolder folder,
        string[] set,
        string? plugin,
        bool evaluate,
        Func<RunFolder, RunConfiguration, IRunStart> start)
    {
        var before = ConfigurationLoader.LoadRun(folder.FullPath, []);
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, set, plugin);
        var store = StoreFactory.Create(folder, configuration);
        RequireProgress(folder, configuration, store);
        var plan = PlanFactory.Create(configuration);
        await using var hold = await RunClaim.ClaimAsync(folder.FullPath, store, TimeProvider.System);
        var changes = ResumeRules.Differences(before, configuration);
        if (changes.Count > 0)
        {
            AtomicFile.Write(folder.Configuration, configuration.ToHocon());
        }

        Console.WriteLine($"run {folder.RunId} in {folder.FullPath}");
        return await RunPipeline.CompleteAsync(
            folder, configuration, plan, store, hold.Lost, resume: true, changes, evaluate, start(folder, configuration));
    }

    // What the ledger holds cannot be undone, and a ledger that is gone must not be begun anew over a run's results.
    private static void RequireProgress(RunFolder folder, RunConfiguration configuration, IRunStore store)
    {
        var done = store.ReadIfBegun()?.LastStep ?? 0;
        if (configuration.OuterSteps < done)
        {
            throw new CommandException(
                ExitCode.Configuration,
                $"involute.outer-steps = {configuration.OuterSteps}, but the run has done {done}; allowed: at least {done}");
        }

        LostLedger.Refuse(folder, store.Place, done);
    }
}
