using System.CommandLine;
using System.Globalization;
using Involute.Estimators.Plans;
using Involute.Host.Errors;
using Involute.Host.Evaluation;
using Involute.Host.Exporting;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Tasks.Schedules;

namespace Involute.Host.Commands;

/// <summary><c>involute export RUN</c>: writes a run's theta to a file for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var plugin = CommonOptions.MovedPlugin();
        var step = WholeNumberOption.Create(
            "--step", "The theta after this outer step, 0 for the initial one; the newest if absent.", 0, long.MaxValue,
            "STEP");
        var best = new Option<bool>("--best")
        {
            Description = "The best of the thetas that the run has kept: that with the lowest mean training loss on "
                + "fresh trajectories. At most 32 of them are tried.",
        };
        var trials = WholeNumberOption.Create(
            "--trials", "With --best: fresh trajectories; 5, or 64 for a problem with a theta of its own.", 1,
            EvaluationTrials.Limit);
        var steps = WholeNumberOption.Create(
            "--steps", "With --best: inner steps of each trial; the horizons of training if absent.", 1, 1_000_000);
        var format = new Option<string?>("--format")
        {
            Description = $"Format of the file: {ExportFormat.Names}; if absent, that of the file's extension, or "
                + $"{ExportFormat.All[0].Name}.",
            HelpName = "FORMAT",
        };
        var to = new Option<string?>("--out")
        {
            Description = "The file; RUN-STEP with the format's extension in the current folder if absent.",
            HelpName = "FILE",
        };
        var command = new Command(
            "export",
            "Write a run's theta to a file: named arrays, values in natural units, and where it comes from "
            + "(docs/use-theta-elsewhere.md).")
        {
            run, runs, plugin, step, best, trials, steps, format, to,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(step) is not null && result.GetValue(best))
            {
                result.AddError("--best chooses the step; allowed: one of --step and --best");
            }
        });
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(to);
            var chosen = Format(parsed.GetValue(format), path);
            var folder = RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!);
            var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], parsed.GetValue(plugin));
            var (thetas, theta) = parsed.GetValue(best)
                ? Best(folder, configuration, parsed.GetValue(trials), parsed.GetValue(steps))
                : Stored(folder, configuration, parsed.GetValue(step));
            path ??= string.Create(
                CultureInfo.InvariantCulture, $"{folder.RunId}-{theta.Version.Value}.{chosen.Name}");
            Write(path, chosen.Write(ThetaExport.Of(thetas, theta)));
            Console.WriteLine(
                $"theta of outer step {theta.Version} ({theta.HashText()}, {theta.Values.Length} numbers) is in "
                    + path);
            return ExitCode.Ok;
        });
        return command;
    }

    private static ExportFormat Format(string? name, string? path) => name is null
        ? (path is null ? null : ExportFormat.OfFile(path)) ?? ExportFormat.All[0]
        : ExportFormat.Named(name) ?? throw new CommandException(
            ExitCode.Configuration, $"--format: {Excerpt.Quote(name)} is unknown; allowed: {ExportFormat.Names}");

    private static (RunThetas Run, Theta<float> Theta) Stored(
        RunFolder folder, RunConfiguration configuration, long? step)
    {
        var run = RunThetas.Read(folder, configuration);
        if (step is { } wanted)
        {
            return (run, run.Of(wanted) ?? throw new CommandException(
                ExitCode.Configuration,
                $"--step: run {run.Folder.RunId} has no theta of outer step {wanted}; allowed: "
                    + run.Nearest(wanted)));
        }

        return run.Newest is { Version.Value: > 0 } newest
            ? (run, newest)
            : throw new CommandException(
                ExitCode.Data,
                $"run {run.Folder.RunId} has no checkpoint to export yet; '--step 0' exports its initial theta");
    }

    private static (RunThetas Run, Theta<float> Theta) Best(
        RunFolder folder, RunConfiguration configuration, int? trials, int? steps)
    {
        var plan = PlanFactory.Create(configuration);
        var run = RunThetas.Read(folder, configuration, ThisComputation.Of(configuration, plan));
        var thetas = ThetaSelection.Spread(run.Steps).Select(step => run.Of(step)!).ToList();
        var usual = new EvaluationSettings(configuration.Seed);
        var count = trials ?? (configuration.Task.HasOwnTheta ? ThetaComparison.DefaultTrials : usual.Trials);

        // A schedule may have no horizon.
        steps ??= configuration.Truncation is NeverEndingOptions ? usual.Steps : null;
        Console.WriteLine($"trying {thetas.Count} thetas on {count} fresh trajectories each");
        var selection = ThetaSelection.Of(plan, thetas, count, steps, configuration.ComputeThreads());
        foreach (var (theta, loss) in selection.Thetas.Zip(selection.Losses))
        {
            Console.WriteLine($"outer step {theta.Version}: {loss switch
            {
                null => "a trajectory diverged",
                { StandardError: { } error } => string.Create(
                    CultureInfo.InvariantCulture, $"mean training loss {loss.Mean:G6} ± {error:G2}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"mean training loss {loss.Mean:G6}"),
            }}");
        }

        return selection.Best is { } best
            ? (run, best)
            : throw new CommandException(
                ExitCode.Diverged, $"run {folder.RunId}: a trajectory of every theta diverged");
    }

    private static void Write(string path, byte[] content)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException(
                ExitCode.Configuration, $"--out: {path} is a folder; allowed: the name of a file");
        }

        AtomicFile.Write(Target(path), content);
    }

    // A link to a file stays, /dev/stdout for one, and the file behind it is replaced.
    private static string Target(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: true } target
            ? target.FullName
            : path;
}
