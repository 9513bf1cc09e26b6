using System.CommandLine;
using Involute.Actors.Local;
using Involute.Host.Operating;
using Involute.Host.Running;
using Involute.Host.Watching;
using Involute.Hosting;
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
        var console = new ConsoleOption(usually: false);
        var at = WholeNumberOption.Create(
            "--at",
            "Go on from the checkpoint of this step, because a newer one is damaged; 0: from the start. "
                + "'verify' names the step.",
            0, long.MaxValue, "STEP");
        var command = new Command("resume", "Go on with a run after Ctrl-C, SIGTERM, a crash or its end.")
        {
            run, set, plugin, runs, noEval, workers, at,
        };
        console.AddTo(command, network: false);
        var web = new WebOption();
        web.AddTo(command);
        var dashboard = new DashboardOption();
        dashboard.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(
            RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!),
            parsed.GetValue(set)!,
            parsed.GetValue(plugin),
            parsed.GetValue(at),
            evaluate: !parsed.GetValue(noEval),
            parsed.GetValue(workers) ?? 0,
            console.Read(parsed, needed: dashboard.Read(parsed) is not null),
            web.Read(parsed),
            dashboard.Read(parsed)));
        return command;
    }

    /// <summary>A run's settings, as they stand in its folder and as they will be.</summary>
    public static (RunConfiguration Before, RunConfiguration After) Load(RunFolder folder, string[] set, string? plugin)
    {
        var settings = ConfigurationLoader.LoadChanged(folder.FullPath, set, plugin);
        AkkaSettings.Require(settings.After.Akka);
        return settings;
    }

    /// <summary>Claims a run to continue it.</summary>
    public static Task<OpenRun> OpenAsync(
        RunFolder folder, string[] set, string? plugin, long? at, CancellationToken cancellation)
    {
        var (before, after) = Load(folder, set, plugin);
        return OpenRun.ResumeAsync(folder, before, after, at, set, cancellation);
    }

    private static async Task<int> RunAsync(
        RunFolder folder, string[] set, string? plugin, long? at, bool evaluate, int workers,
        ConsoleOptions? console, WebSettings? settings, DashboardPlace? place)
    {
        using var signals = new StopSignals();
        await using var web = await ProcessWeb.OpenAsync(settings);
        await using var dashboard = await ServedDashboard.OpenAsync(place, Path.GetDirectoryName(folder.FullPath)!);
        await using var open = await RunOpening.OpenAsync(
            signals, cancellation => OpenAsync(folder, set, plugin, at, cancellation));
        return await RunSession.RunAsync(open, signals, workers, evaluate, console, web);
    }
}
