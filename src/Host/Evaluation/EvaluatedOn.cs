using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;

namespace Involute.Host.Evaluation;

/// <summary>Settings that a theta is evaluated on: those of its training, or others.</summary>
/// <param name="Plan">Their plan.</param>
/// <param name="Longest">Inner steps of the longest of their trajectories; null if that is not known.</param>
/// <param name="Circumstances">What differs from the training.</param>
internal sealed record EvaluatedOn(TrainingPlan<float> Plan, int? Longest, Circumstances Circumstances)
{
    /// <summary>Those of the training.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="outerSteps">Its outer steps.</param>
    public static EvaluatedOn Training(TrainingPlan<float> plan, long outerSteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var horizons = plan.Schedule.Range(outerSteps);
        return new EvaluatedOn(plan, horizons?.Longest, Circumstances.OfTraining(horizons));
    }

    /// <summary>Evaluates a theta: a learned optimizer on held-out data, anything else against its initial theta.</summary>
    /// <param name="theta">The theta.</param>
    /// <param name="trials">Fresh trajectories; null for the usual number.</param>
    /// <param name="steps">Inner steps of each; null for the longest of these settings.</param>
    /// <param name="threads">Threads to use; no number depends on it.</param>
    /// <param name="baselines">Tuned baselines beside Adam, for a learned optimizer.</param>
    public Evaluated Run(Theta<float> theta, int? trials, int? steps, int threads, IReadOnlyList<Baseline> baselines)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (Plan.Problem is not OptimizedTask problem)
        {
            return new Evaluated(null, new ThetaComparison(
                Plan, trials ?? ThetaComparison.DefaultTrials, steps, threads, Circumstances).Run(theta));
        }

        var usual = new EvaluationSettings(Plan.Windows.Seed, Threads: threads);
        var settings = usual with
        {
            Trials = trials ?? usual.Trials,
            Steps = steps ?? Longest ?? usual.Steps,
            Baselines = baselines,
        };
        return new Evaluated(new HeldOutEvaluation(problem, settings, Circumstances).Run(theta), null);
    }
}

/// <summary>One evaluation: of a learned optimizer, or of another theta.</summary>
/// <param name="HeldOut">Of a learned optimizer; else null.</param>
/// <param name="Compared">Of another theta; else null.</param>
internal sealed record Evaluated(EvaluationReport? HeldOut, ThetaComparisonReport? Compared)
{
    /// <summary>What it was measured on.</summary>
    public Circumstances Circumstances => HeldOut?.Circumstances ?? Compared!.Circumstances!;

    /// <summary>As one JSON object.</summary>
    public string ToJson() => HeldOut?.ToJson() ?? Compared!.ToJson();
}
