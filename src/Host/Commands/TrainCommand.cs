using System.CommandLine;
using Involute.Actors.Local;
using Involute.Host.Operating;
using Involute.Host.Running;
using Involute.Host.Watching;
using Involute.Hosting;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute train</c>: begins a run, or forks another, and computes it to its end.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin(
            "Components of your own (tasks, optimizers, estimators, …), out of the assemblies in this folder "
            + "(docs/extending.md).");
        var runs = CommonOptions.Runs();
        var noEval = CommonOptions.NoEval();
        var name = new Option<string?>("--name")
        {
            Description = "Name of the run and of its folder; generated if absent.",
            HelpName = "NAME",
        };
        var workers = CommonOptions.Workers();
        var console = new ConsoleOption(usually: false);
        var command = new Command("train", "Meta-train on this machine; without options, the main job.")
        {
            config, set, plugin, name, runs, noEval, workers,
        };
        var begin = new ForkOptions(config, set, plugin, runs);
        begin.AddTo(command);
        console.AddTo(command, network: false);
        var web = new WebOption();
        web.AddTo(command);
        var dashboard = new DashboardOption();
        dashboard.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(
            cancellation => begin.BeginAsync(parsed, parsed.GetValue(name), cancellation),
            evaluate: !parsed.GetValue(noEval),
            parsed.GetValue(workers) ?? 0,
            console.Read(parsed, needed: dashboard.Read(parsed) is not null),
            web.Read(parsed),
            dashboard.Read(parsed),
            parsed.GetValue(runs)!));
        return command;
    }

    /// <summary>The configuration of a new run.</summary>
    public static RunConfiguration Load(
        ParseResult parsed, Option<string[]> config, Option<string[]> set, Option<string?> plugin) =>
        Checked(ConfigurationLoader.Load(
            parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin)));

    /// <summary>The configuration as a run can be begun with it.</summary>
    public static RunConfiguration Checked(RunConfiguration configuration)
    {
        AkkaSettings.Require(configuration.Akka);
        return configuration.WithAbsolutePaths();
    }

    private static async Task<int> RunAsync(
        Func<CancellationToken, Task<OpenRun>> begin, bool evaluate, int workers, ConsoleOptions? console,
        WebSettings? settings, DashboardPlace? place, string runs)
    {
        using var signals = new StopSignals();
        RunSession.RequireWorkersCanJoin(workers);
        await using var web = await ProcessWeb.OpenAsync(settings);
        await using var dashboard = await ServedDashboard.OpenAsync(place, runs);
        await using var open = await RunOpening.OpenAsync(signals, begin);
        return await RunSession.RunAsync(open, signals, workers, evaluate, console, web);
    }
}
