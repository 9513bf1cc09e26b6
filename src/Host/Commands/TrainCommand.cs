using System.CommandLine;
using Involute.Actors.Durability;
using Involute.Hosting.Configuration;
using Involute.Hosting.Running;
using Involute.Hosting.Runs;

namespace Involute.Hosting.Commands;

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
        var command = new Command("train", "Meta-train in one process; without options, the main job.")
        {
            config, set, plugin, name, runs, noEval,
        };
        command.SetAction((parsed, _) => RunAsync(
            WithAbsolutePaths(ConfigurationLoader.Load(
                parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin))),
            parsed.GetValue(runs)!,
            parsed.GetValue(name),
            evaluate: !parsed.GetValue(noEval)));
        return command;
    }

    private static async Task<int> RunAsync(RunConfiguration settings, string runs, string? name, bool evaluate)
    {
        // Data first: a run that cannot start leaves no folder behind.
        var (configuration, plan) = PlanFactory.Begin(settings);
        var folder = CreateFolder(configuration, runs, NewName(configuration, runs, name));
        var store = StoreFactory.Create(folder, configuration);
        await using var hold = await RunHold.AcquireAsync(folder.FullPath, store, TimeProvider.System);
        Console.WriteLine($"run {folder.RunId} in {folder.FullPath}");
        return await RunPipeline.CompleteAsync(folder, configuration, plan, store, hold, resume: false, [], evaluate);
    }

    // A run may be resumed from another folder than it was begun in.
    private static RunConfiguration WithAbsolutePaths(RunConfiguration configuration) =>
        configuration.Task is ImageMlpSettings { DataFolder.Length: > 0 } images
            ? configuration with { Task = images with { DataFolder = Path.GetFullPath(images.DataFolder) } }
            : configuration;

    private static IEnumerable<string> Parts(RunConfiguration configuration) =>
        configuration.Optimizer is NoOptimizerSettings
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
