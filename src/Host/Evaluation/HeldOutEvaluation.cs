using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Evaluation;

/// <summary>
/// Trains the task on fresh trajectories with the meta-trained optimizer, with its untrained initialisation, and with
/// an Adam whose learning rate is tuned.
/// </summary>
/// <remarks>
/// All three see the same initial parameters and data. The learning rate is chosen by the loss on the outer_valid
/// split; the grid is never measured on the test split, only its winner is, in a run of its own.
/// </remarks>
internal sealed class HeldOutEvaluation
{
    private const string TrainingLoss = "mean training loss";
    private const string HeldOutLoss = "held-out loss";

    private readonly OptimizedTask _problem;
    private readonly EvaluationSettings _settings;

    /// <summary>Prepares the evaluation of a problem.</summary>
    public HeldOutEvaluation(OptimizedTask problem, EvaluationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Trials, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Trials, EvaluationTrials.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.CurvePoints, 1);
        ArgumentOutOfRangeException.ThrowIfZero(settings.AdamLearningRates.Count);
        _problem = problem;
        _settings = settings;
    }

    /// <summary>Evaluates a theta.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two trials.</exception>
    public EvaluationReport Run(Theta<float> theta, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(theta);
        var (grid, adam) = TuneAdam(cancellation);
        Candidate[] candidates =
        [
            new("meta-trained", _problem, theta.Values.ToArray()),
            new("untrained", _problem, Initial(_problem)),
            adam,
        ];
        int[] measured = [0, .. MeasuredSteps.Evenly(_settings.Steps, _settings.CurvePoints)];
        var runs = RunAll(candidates, DataSplit.Test, measured, cancellation);
        var adamLoss = Score.HeldOutCurve(runs[2])[^1];
        var scores = candidates.Select((c, i) => Score.Of(c.Name, runs[i], measured, adamLoss)).ToArray();
        return new EvaluationReport(
            _problem.Task.Name, _problem.Optimizer.Name, theta.Version.Value, theta.HashText(), _settings.Trials,
            _settings.Steps, scores[0], scores[1], scores[2], grid,
            [
                Compare(HeldOutLoss, scores[2].Name, runs[0], runs[2]),
                Compare(TrainingLoss, scores[2].Name, runs[0], runs[2]),
                Compare(HeldOutLoss, scores[1].Name, runs[0], runs[1]),
                Compare(TrainingLoss, scores[1].Name, runs[0], runs[1]),
            ]);
    }

    private (GridPoint[] Grid, Candidate Best) TuneAdam(CancellationToken cancellation)
    {
        var candidates = _settings.AdamLearningRates.Select(AdamOf).ToArray();
        var runs = RunAll(candidates, DataSplit.OuterValid, [_settings.Steps], cancellation);
        var losses = runs.Select(trials => Statistic.Of([.. trials.Select(trial => trial.FinalHeldOutLoss)])).ToArray();
        var best = 0;
        for (var i = 1; i < losses.Length; i++)
        {
            if (losses[i] is { } loss && (losses[best] is not { } lowest || loss.Mean < lowest.Mean))
            {
                best = i;
            }
        }

        var grid = losses.Select((loss, i) => new GridPoint(_settings.AdamLearningRates[i], loss, i == best)).ToArray();
        return (grid, candidates[best]);
    }

    private TrialRun[][] RunAll(
        Candidate[] candidates, DataSplit split, int[] measuredSteps, CancellationToken cancellation)
    {
        var runs = candidates.Select(_ => new TrialRun[_settings.Trials]).ToArray();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = _settings.Threads,
            CancellationToken = cancellation,
        };

        // Every run is stored at its own index, so that the sums are in trial order.
        Parallel.For(0, candidates.Length * _settings.Trials, options, i =>
        {
            var (candidate, trial) = Math.DivRem(i, _settings.Trials);
            var key = EvaluationTrials.Key(_settings.Seed, trial);
            runs[candidate][trial] = TrialRun.Of(candidates[candidate], key, split, measuredSteps);
        });
        return runs;
    }

    private float[] Initial(OptimizedTask problem)
    {
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(_settings.Seed, theta);
        return theta;
    }

    private Candidate AdamOf(double learningRate)
    {
        var problem = new OptimizedTask(_problem.Task, new LearnableAdam(learningRate));
        return new Candidate(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"tuned Adam (lr {learningRate:0.######})"),
            problem, Initial(problem));
    }

    private static Comparison Compare(string measure, string against, TrialRun[] mine, TrialRun[] theirs)
    {
        Func<TrialRun, double> value = measure == TrainingLoss
            ? run => run.Diverged ? double.NaN : run.MeanTrainingLoss
            : run => run.FinalHeldOutLoss;
        return Comparison.Of(measure, against, [.. mine.Select(value)], [.. theirs.Select(value)]);
    }
}
