using System.CommandLine;
using Involute.Estimators.Plans;
using Involute.Host.Errors;
using Involute.Host.Evaluation;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;
using Involute.Tasks.InnerTasks;

namespace Involute.Host.Commands;

/// <summary><c>involute eval RUN</c>: measures the run's theta on held-out data, and on other settings than those of its training.</summary>
internal static class EvalCommand
{
    private const string Prefix = $"{ConfigurationLayers.Root}.";

    // Blocks of settings that an evaluation depends on.
    private static readonly string[] Deciding = ["task.", "optimizer.", "truncation."];

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var plugin = CommonOptions.MovedPlugin();
        var set = CommonOptions.Set();
        var on = new Option<string[]>("--on")
        {
            Description = "Other settings to evaluate on, beside those of the training: a file, or KEY=VALUE. Repeatable: a transfer "
                + "table and plot (docs/evaluate.md).",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var step = WholeNumberOption.Create(
            "--step", "The theta after this outer step; the newest checkpoint if absent.", 1, long.MaxValue, "STEP");
        var steps = WholeNumberOption.Create(
            "--steps", "Inner steps of each trial; the longest of the training, or as in training for a problem with a theta of its own.",
            1, 1_000_000);
        var trials = WholeNumberOption.Create(
            "--trials", "Fresh trajectories; 5, or 64 for a problem with a theta of its own.", 1, EvaluationTrials.Limit);
        var name = new Option<string?>("--name")
        {
            Description = "What the evaluation is called, and its files in the folder evaluations of the run; generated if absent.",
            HelpName = "NAME",
        };
        var baselines = new Option<string?>("--baselines")
        {
            Description = "Tuned optimizers to compare with, beside Adam: of sgd, sgdm, nesterov, rmsprop, with commas between them. Each "
                + "takes as long as Adam. Without it none, and with --on sgd,sgdm; adam for Adam alone.",
            HelpName = "NAMES",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the table." };
        var command = new Command(
            "eval",
            "Evaluate the run's theta on fresh trajectories, against the initial theta and, for learned optimizers, "
            + "tuned baselines; with --set or --on, on other tasks, data, seeds or horizons.")
        {
            run, runs, plugin, set, on, step, steps, trials, baselines, name, json,
        };
        command.SetAction(parsed =>
        {
            var others = parsed.GetValue(baselines) is { } names ? Baseline.Parse(names) : null;
            var folder = RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!);
            var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], parsed.GetValue(plugin));
            EvaluationName.Require(folder, parsed.GetValue(name));
            var request = new EvaluationRequest(
                configuration.ComputeThreads(), parsed.GetValue(trials), parsed.GetValue(steps), parsed.GetValue(json),
                parsed.GetValue(name), configuration.Plots, others);
            var plan = PlanFactory.Create(configuration);
            RequireBaselines(plan, others);
            var settings = Settings(
                folder, configuration, plan, parsed.GetValue(set)!, parsed.GetValue(on)!, parsed.GetValue(plugin));
            var theta = Theta(folder, configuration, ThisComputation.Of(configuration, plan), parsed.GetValue(step));
            Evaluations.Run(folder, settings, theta, request);
            return ExitCode.Ok;
        });
        return command;
    }

    // --set goes for all; with --on the training's own come first.
    private static List<EvaluatedOn> Settings(
        RunFolder folder, RunConfiguration trained, TrainingPlan<float> plan, string[] set, string[] on, string? plugin)
    {
        var horizons = plan.Schedule.Range(trained.OuterSteps);
        var first = set.Length == 0
            ? EvaluatedOn.Training(plan, trained.OuterSteps)
            : Other(string.Join(" ", set.Select(Short)), []);
        return [first, .. on.Select(it => IsSetting(it) ? Other(Short(it), [], it) : Other(Path.GetFileNameWithoutExtension(it), [it]))];

        EvaluatedOn Other(string label, string[] files, params string[] more)
        {
            var configuration = ConfigurationLoader.LoadFork(folder.FullPath, files, [.. more, .. set], plugin).WithAbsolutePaths();
            var other = PlanFactory.Create(configuration);
            RequireSameTheta(label, plan, other);
            return new EvaluatedOn(
                other, other.Schedule.Range(configuration.OuterSteps)?.Longest,
                new Circumstances(label, Differs(trained, configuration), horizons));
        }
    }

    private static void RequireBaselines(TrainingPlan<float> plan, IReadOnlyList<Baseline>? baselines)
    {
        if (baselines is not null && plan.Problem is not OptimizedTask)
        {
            throw new CommandException(
                ExitCode.Configuration,
                "--baselines: the run's problem has a theta of its own, which is compared with its initial one; allowed: without it");
        }
    }

    private static bool IsSetting(string text) => text.Contains('=', StringComparison.Ordinal) && !File.Exists(text);

    private static string Short(string setting) =>
        setting.StartsWith(Prefix, StringComparison.Ordinal) ? setting[Prefix.Length..] : setting;

    // Neither how theta is trained counts nor the seed: trajectories are fresh ones in any case.
    private static IReadOnlyList<string> Differs(RunConfiguration trained, RunConfiguration other) =>
    [
        .. ResumeRules.IdentityDifferences(trained, other).Select(Short)
            .Where(key => Deciding.Any(block => key.StartsWith(block, StringComparison.Ordinal))),
    ];

    private static void RequireSameTheta(string label, TrainingPlan<float> trained, TrainingPlan<float> other)
    {
        if (ForkCarry.LayoutProblem(trained.Problem.Layout, other.Problem.Layout) is { } problem)
        {
            throw new CommandException(
                ExitCode.Configuration, $"{label}: the run's theta does not fit: {problem}; allowed: the optimizer of the run");
        }
    }

    private static Theta<float> Theta(
        RunFolder folder, RunConfiguration configuration, Computation computation, long? step)
    {
        var run = RunThetas.Read(folder, configuration, computation);
        return step is { } wanted
            ? run.Of(wanted) ?? throw new CommandException(
                ExitCode.Configuration,
                $"--step: run {folder.RunId} has no theta of outer step {wanted}; allowed: {run.Nearest(wanted, least: 1)}")
            : run.Run.History.Checkpoint?.State.Theta
                ?? throw new CommandException(ExitCode.Data, $"run {folder.RunId} has no checkpoint to evaluate yet");
    }
}
