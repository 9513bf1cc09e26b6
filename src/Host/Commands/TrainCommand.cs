using System.CommandLine;
using Involute.Actors.Local;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute train</c>: begins a run and computes it to its end.</summary>
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
        var command = new Command("train", "Meta-train on this machine; without options, the main job.")
        {
            config, set, plugin, name, runs, noEval, workers,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            Load(parsed, config, set, plugin),
            parsed.GetValue(runs)!,
            parsed.GetValue(name),
            evaluate: !parsed.GetValue(noEval),
            parsed.GetValue(workers) ?? 0,
            cancellation));
        return command;
    }

    /// <summary>The configuration of a new run.</summary>
    public static RunConfiguration Load(
        ParseResult parsed, Option<string[]> config, Option<string[]> set, Option<string?> plugin)
    {
        var configuration = ConfigurationLoader
            .Load(parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin))
            .WithAbsolutePaths();
        AkkaSettings.Require(configuration.Akka);
        return configuration;
    }

    private static async Task<int> RunAsync(
        RunConfiguration configuration, string runs, string? name, bool evaluate, int workers,
        CancellationToken cancellation)
    {
        RunSession.RequireWorkersCanJoin(workers);
        await using var open = await OpenRun.BeginAsync(configuration, runs, name, cancellation);
        return await RunSession.RunAsync(open, workers, evaluate);
    }
}
