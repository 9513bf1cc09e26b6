using System.CommandLine;
using Involute.Host.Cluster;
using Involute.Runs.Configuration;
using Involute.Host.Running;
using Involute.Runs.Folders;
using Involute.Runs.Claims;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Commands;

/// <summary><c>involute train</c>: begins a run and carries it to its end.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin("Train a problem of your own, out of the assemblies in this folder (docs/your-own-problem.md).");
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
        command.SetAction((parsed, _) => RunAsync(
            Load(parsed, config, set, plugin),
            parsed.GetValue(runs)!,
            parsed.GetValue(name),
            evaluate: !parsed.GetValue(noEval),
            (folder, configuration) => WorkersStart.Of(parsed.GetValue(workers), folder, configuration)));
        return command;
    }

    /// <summary>The configuration of a new run.</summary>
    public static RunConfiguration Load(
        ParseResult parsed, Option<string[]> config, Option<string[]> set, Option<string?> plugin) =>
        ConfigurationLoader.Load(parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin))
            .WithAbsolutePaths();

    /// <summary>Begins a run and carries it to its end.</summary>
    public static async Task<int> RunAsync(
        RunConfiguration configuration,
        string runs,
        string? name,
        bool evaluate,
        Func<RunFolder, RunConfiguration, IRunStart> start)
    {
        // Data first: a run that cannot start leaves no folder behind.
        var plan = PlanFactory.Create(configuration);
        var folder = CreateFolder(configuration, runs, NewName(configuration, runs, name));
        var store = StoreFactory.Create(folder, configuration);
        await using var hold = await RunClaim.ClaimAsync(folder.FullPath, store, TimeProvider.System);
        Console.WriteLine($"run {folder.RunId} in {folder.FullPath}");
        return await RunPipeline.CompleteAsync(
            folder, configuration, plan, store, hold.Lost, resume: false, [], evaluate, start(folder, configuration));
    }

    private static IEnumerable<string> Parts(RunConfiguration configuration) =>
        configuration.Optimizer is NoOptimizerOptions
            ? [configuration.Task.Title, configuration.Estimator.Name]
            : [configuration.Task.Title, configuration.Optimizer.Name, configuration.Estimator.Name];

    // A database on a server is asked before there is a folder: it may have the name from elsewhere, or not answer.
    private static string NewName(RunConfiguration configuration, string runs, string? name)
    {
        bool IsTaken(string id) => StoreFactory.Shared(configuration, id)?.HasBegun() ?? false;
        if (name is not null && RunName.IsValid(name) && IsTaken(name))
        {
            throw new CommandException(
                ExitCode.Configuration,
                $"{StoreFactory.Shared(configuration, name)!.Place} has begun already: resume it, or choose another name");
        }

        return name ?? RunName.Generate(runs, IsTaken, Parts(configuration));
    }

    private static RunFolder CreateFolder(RunConfiguration configuration, string runs, string name)
    {
        try
        {
            return RunFolder.Create(runs, name, configuration.ToHocon());
        }
        catch (IOException exception)
        {
            throw new CommandException(ExitCode.Configuration, exception.Message);
        }
    }
}
