using System.CommandLine;
using Involute.Estimators.Plans;
using Involute.Host.Errors;
using Involute.Host.Evaluation;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;

namespace Involute.Host.Commands;

/// <summary><c>involute eval RUN</c>: measures the run's theta on held-out data.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var runs = CommonOptions.Runs();
        var plugin = CommonOptions.MovedPlugin();
        var steps = WholeNumberOption.Create(
            "--steps",
            "Inner steps of each trial; 1000, or as in training for a problem with a theta of its own.",
            1, 1_000_000);
        var trials = WholeNumberOption.Create(
            "--trials", "Fresh trajectories; 5, or 64 for a problem with a theta of its own.", 1, EvaluationTrials.Limit);
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the table." };
        var command = new Command(
            "eval",
            "Evaluate the run's theta on fresh trajectories, against the initial theta and, for learned optimizers, "
            + "a tuned Adam.")
        {
            run, runs, plugin, steps, trials, json,
        };
        command.SetAction(parsed =>
        {
            var folder = RunFolder.Open(parsed.GetValue(runs)!, parsed.GetValue(run)!);
            var configuration = ConfigurationLoader.LoadRun(folder.FullPath, [], parsed.GetValue(plugin));
            var request = new EvaluationRequest(
                configuration.ComputeThreads(), parsed.GetValue(trials), parsed.GetValue(steps), parsed.GetValue(json));
            var plan = PlanFactory.Create(configuration);
            var theta = Theta(folder, configuration, ThisComputation.Of(configuration, plan));
            Evaluations.Run(folder, plan, theta, request);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Theta<float> Theta(RunFolder folder, RunConfiguration configuration, Computation computation)
    {
        var run = RunReader.Read(folder, configuration, StoreFactory.Create(folder, configuration), computation);
        RunReader.Require(run);
        return run.History.Checkpoint?.State.Theta
            ?? throw new CommandException(ExitCode.Data, $"run {folder.RunId} has no checkpoint to evaluate yet");
    }
}
