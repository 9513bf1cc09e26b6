using Involute.Estimators;
using Involute.Hosting.Evaluation;
using Involute.Hosting.Reporting.Plots;
using Involute.Hosting.Runs;
using Involute.Tasks.InnerTasks;
using Spectre.Console;

namespace Involute.Hosting.Running;

/// <summary>The held-out evaluation of a run: measured, saved, drawn, printed.</summary>
internal static class Evaluations
{
    /// <summary>Measures a theta; leaves evaluation.json and its plot in the run folder.</summary>
    public static EvaluationReport Measure(
        RunFolder folder, OptimizedTask problem, Theta<float> theta, EvaluationSettings settings)
    {
        var report = new HeldOutEvaluation(problem, settings).Run(theta);
        report.Save(folder.Evaluation);
        RunPlots.WriteEvaluation(folder, report);
        return report;
    }

    /// <summary>Prints the report, as a table or as JSON.</summary>
    public static void Print(EvaluationReport report, bool json)
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
