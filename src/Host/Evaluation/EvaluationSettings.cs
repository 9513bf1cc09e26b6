namespace Involute.Host.Evaluation;

/// <summary>How an evaluation is done; two evaluations of the same theta and settings give the same numbers.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Trials">Fresh trajectories, 1 to <see cref="EvaluationTrials.Limit"/>.</param>
/// <param name="Steps">Inner steps of each, at least 1.</param>
/// <param name="Threads">Threads to use, at least 1; no number depends on it.</param>
/// <param name="CurvePoints">Intervals of the curves, at least 1; the held-out loss is measured at their ends.</param>
internal sealed record EvaluationSettings(
    long Seed, int Trials = 5, int Steps = 1000, int Threads = 1, int CurvePoints = 50)
{
    /// <summary>Learning rates of Adam, the baseline of all evaluations: half decades from 1e-4 to 1.</summary>
    public IReadOnlyList<double> AdamLearningRates { get; init; } = Baseline.Adam.LearningRates;

    /// <summary>Baselines beside Adam.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];
}
