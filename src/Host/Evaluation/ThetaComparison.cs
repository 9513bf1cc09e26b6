using Involute.Estimators;
using Involute.Estimators.Plans;

namespace Involute.Host.Evaluation;

/// <summary>
/// Unrolls a problem on fresh trajectories under the meta-trained theta and under the initial one, with the same
/// randomness: the evaluation of problems without held-out data.
/// </summary>
internal sealed class ThetaComparison
{
    /// <summary>Trials, unless the user asks for another number.</summary>
    public const int DefaultTrials = 64;

    private readonly TrainingPlan<float> _plan;
    private readonly int _trials;
    private readonly int? _steps;
    private readonly int _threads;
    private readonly Circumstances _circumstances;

    /// <summary>Prepares the evaluation of a plan's problem.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trials">Fresh trajectories, 1 to <see cref="EvaluationTrials.Limit"/>.</param>
    /// <param name="steps">Inner steps of each, at least 1; null: horizons of the plan's schedule.</param>
    /// <param name="threads">Threads to use; no number depends on it.</param>
    /// <param name="circumstances">What is not as in training; null if everything is.</param>
    public ThetaComparison(
        TrainingPlan<float> plan, int trials, int? steps, int threads, Circumstances? circumstances = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trials, EvaluationTrials.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (_plan, _trials, _steps, _threads) = (plan, trials, steps, threads);
        _circumstances = circumstances ?? Circumstances.OfTraining(horizons: null);
    }

    /// <summary>Compares a theta with the initial one.</summary>
    public ThetaComparisonReport Run(Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        var trained = theta.Values.ToArray();
        var initial = OuterState<float>.Initial(_plan).Theta.Values.ToArray();
        var trials = new (ThetaTrial Trained, ThetaTrial Initial)[_trials];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads };
        Parallel.For(0, _trials, parallel, i => trials[i] = (Unroll(i, trained), Unroll(i, initial)));
        return ThetaComparisonReport.Of(
            _plan.Problem.Name, theta, trials.Sum(trial => (long)trial.Trained.Steps),
            [.. trials.Select(trial => trial.Trained)], [.. trials.Select(trial => trial.Initial)], _circumstances,
            _circumstances.Outside(_steps));
    }

    private ThetaTrial Unroll(int trial, float[] theta) => ThetaTrial.Of(_plan, trial, theta, _steps);
}
