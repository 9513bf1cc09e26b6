using Involute.Estimators.Plans;
using Involute.Host.Evaluation;
using Involute.Host.Reporting.Plots;
using Involute.Runs.Folders;
using Involute.Tasks.InnerTasks;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>What a user asks of an evaluation; null for the default of the problem.</summary>
/// <param name="Threads">Threads to use; no number depends on it.</param>
/// <param name="Trials">Fresh trajectories.</param>
/// <param name="Steps">Inner steps of each.</param>
/// <param name="Json">Print one JSON object.</param>
internal sealed record EvaluationRequest(int Threads, int? Trials = null, int? Steps = null, bool Json = false);

/// <summary>The evaluation of a run: measured, saved, drawn, printed.</summary>
internal static class Evaluations
{
    private static readonly FilesForPeople Files = new(line => Console.Error.WriteLine($"warning: {line}"));

    /// <summary>
    /// Measures a theta and leaves evaluation.json in the run folder: a learned optimizer on held-out data, anything
    /// else against its initial theta.
    /// </summary>
    public static void Run(RunFolder folder, TrainingPlan<float> plan, Theta<float> theta, EvaluationRequest request)
    {
        if (plan.Problem is OptimizedTask problem)
        {
            var settings = new EvaluationSettings(plan.Windows.Seed, Threads: request.Threads);
            Print(Measure(folder, problem, theta, settings with
            {
                Trials = request.Trials ?? settings.Trials,
                Steps = request.Steps ?? settings.Steps,
            }), request.Json);
            return;
        }

        var comparison = new ThetaComparison(
            plan, request.Trials ?? ThetaComparison.DefaultTrials, request.Steps, request.Threads);
        var report = comparison.Run(theta);
        Files.Write(folder.Evaluation, () => report.Save(folder.Evaluation));
        if (request.Json)
        {
            Console.WriteLine(report.ToJson());
        }
        else
        {
            report.WriteTo(Console.Out);
        }
    }

    private static EvaluationReport Measure(
        RunFolder folder, OptimizedTask problem, Theta<float> theta, EvaluationSettings settings)
    {
        var report = new HeldOutEvaluation(problem, settings).Run(theta);
        Files.Write(folder.Evaluation, () => report.Save(folder.Evaluation));
        Files.Draw(() => RunPlots.WriteEvaluation(folder, report));
        return report;
    }

    private static void Print(EvaluationReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(report.ToJson());
        }
        else
        {
            EvaluationTable.Write(report, AnsiConsole.Console);
        }
    }
}
