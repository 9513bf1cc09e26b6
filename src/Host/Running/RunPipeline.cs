using Involute.Estimators;
using Involute.Runs.Configuration;
using Involute.Host.Reporting.Plots;
using Involute.Runs.Folders;
using Involute.Runs.Claims;
using Involute.Runs.Stores;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>What follows once a run has a folder, a hold and a plan: train, draw, evaluate.</summary>
internal static class RunPipeline
{
    /// <summary>Carries a run to its end and shows the result.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunClaimedException">Another learner has taken the run from this one.</exception>
    public static async Task<int> CompleteAsync(
        RunFolder folder,
        RunConfiguration configuration,
        TrainingPlan<float> plan,
        IRunStore store,
        Task<RunClaimedException> lost,
        bool resume,
        IReadOnlyList<SettingChange> changes,
        bool evaluate,
        IRunStart start)
    {
        WarnOfLostPerturbations(configuration, plan);
        var session = new TrainingSession(folder, configuration, plan, store, lost, start, AnsiConsole.Console);
        var code = await session.RunAsync(resume, changes);
        if (session.HasLed && File.Exists(folder.Metrics))
        {
            RunPlots.WriteTraining(folder, plan.Problem.Name);
        }

        if (code != ExitCode.Ok)
        {
            return code;
        }

        if (start.StandsBy && !session.HasStepped)
        {
            Console.WriteLine($"run {folder.RunId} is finished: another learner has led it to its end");
            return ExitCode.Ok;
        }

        if (evaluate)
        {
            Console.WriteLine("evaluating on fresh trajectories");
            var theta = store.Read().Checkpoint!.State.Theta;
            Evaluations.Run(folder, plan, theta, new EvaluationRequest(configuration.ComputeThreads()));
        }

        Console.WriteLine($"{(evaluate ? "metrics, plots and the evaluation" : "metrics and plots")} are in {folder.FullPath}");
        return ExitCode.Ok;
    }

    // Below this, theta + ε and theta − ε agree with theta in so many digits that their difference is mostly rounding.
    private static void WarnOfLostPerturbations(RunConfiguration configuration, TrainingPlan<float> plan)
    {
        var largest = 0.0;
        foreach (var value in OuterState<float>.Initial(plan).Theta.Values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        if (configuration.Sigma < largest / 4096)
        {
            Console.Error.WriteLine(
                $"warning: involute.sigma = {configuration.Sigma:R} is below 2^-12 of the largest theta ({largest:R}): float32 rounds most of a perturbation away");
        }
    }
}
