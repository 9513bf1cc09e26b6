using System.CommandLine;
using Involute.Actors.Local;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute resume RUN</c>: goes on with a run after a stop, a crash or its end.</summary>
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
        var at = WholeNumberOption.Create(
            "--at",
            "Go on from the checkpoint of this step, because a newer one is damaged; 0: from the start. "
                + "'verify' names the step.",
            0, long.MaxValue, "STEP");
        var command = new Command("resume", "Go on with a run after Ctrl-C, SIGTERM, a crash or its end.")
        {
            run, set, plugin, runs, noEval, workers, at,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!),
            parsed.GetValue(set)!,
            parsed.GetValue(plugin),
            parsed.GetValue(at),
            evaluate: !parsed.GetValue(noEval),
            parsed.GetValue(workers) ?? 0,
            cancellation));
        return command;
    }

    /// <summary>Claims a run to continue it.</summary>
    public static Task<OpenRun> OpenAsync(
        RunFolder folder, string[] set, string? plugin, long? at, CancellationToken cancellation)
    {
        var (before, after) = ConfigurationLoader.LoadChanged(folder.FullPath, set, plugin);
        AkkaSettings.Require(after.Akka);
        return OpenRun.ResumeAsync(folder, before, after, at, cancellation);
    }

    private static async Task<int> RunAsync(
        RunFolder folder, string[] set, string? plugin, long? at, bool evaluate, int workers,
        CancellationToken cancellation)
    {
        await using var open = await OpenAsync(folder, set, plugin, at, cancellation);
        return await RunSession.RunAsync(open, workers, evaluate);
    }
}
