using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Evaluation;

/// <summary>
/// Trains the task on fresh trajectories with the meta-trained optimizer, with its untrained initialisation, and with
/// baselines whose learning rates are tuned: Adam, and others that were asked for.
/// </summary>
/// <remarks>
/// All see the same initial parameters and data. A learning rate is chosen by the loss on the outer_valid split; a grid is never
/// measured on the test split, only its winner is, in a run of its own. Each baseline has a grid of its own of the same size.
/// </remarks>
internal sealed class HeldOutEvaluation
{
    /// <summary>The measure that meta-training minimises.</summary>
    public const string TrainingLoss = "mean training loss";

    private const string HeldOutLoss = "held-out loss";

    // Of the candidates: after the meta-trained optimizer and the untrained one.
    private const int Adam = 2;

    private readonly OptimizedTask _problem;
    private readonly EvaluationSettings _settings;
    private readonly Circumstances _circumstances;

    /// <summary>Prepares the evaluation of a problem.</summary>
    public HeldOutEvaluation(OptimizedTask problem, EvaluationSettings settings, Circumstances? circumstances = null)
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
        _circumstances = circumstances ?? Circumstances.OfTraining(horizons: null);
    }

    /// <summary>Evaluates a theta.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two trials.</exception>
    public EvaluationReport Run(Theta<float> theta, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(theta);
        Baseline[] baselines = [Baseline.Adam with { LearningRates = _settings.AdamLearningRates }, .. _settings.Baselines];
        var tuned = baselines.Select(baseline => Tune(baseline, cancellation)).ToArray();
        Candidate[] candidates =
        [
            new("meta-trained", _problem, theta.Values.ToArray()),
            new("untrained", _problem, Initial(_problem)),
            .. tuned.Select(one => one.Best),
        ];
        int[] measured = [0, .. MeasuredSteps.Evenly(_settings.Steps, _settings.CurvePoints)];
        var runs = RunAll(candidates, DataSplit.Test, measured, cancellation);
        var adamLoss = Score.HeldOutCurve(runs[Adam])[^1];
        var scores = candidates.Select((c, i) => Score.Of(c.Name, runs[i], measured, adamLoss)).ToArray();
        return new EvaluationReport(
            _problem.Task.Name, _problem.Optimizer.Name, theta.Version.Value, theta.HashText(), _settings.Trials,
            _settings.Steps, scores[0], scores[1], scores[Adam], tuned[0].Grid,
            [
                .. Enumerable.Range(1, scores.Length - 1).OrderBy(other => other == Adam ? 0 : other).SelectMany(other => new[]
                {
                    Compare(HeldOutLoss, scores[other].Name, runs[0], runs[other]),
                    Compare(TrainingLoss, scores[other].Name, runs[0], runs[other]),
                }),
            ],
            _circumstances)
        {
            OtherBaselines = baselines.Length == 1
                ? null
                : [.. baselines.Select((it, i) => new TunedBaseline(it.Title, scores[Adam + i], tuned[i].Grid)).Skip(1)],
        };
    }

    private (GridPoint[] Grid, Candidate Best) Tune(Baseline baseline, CancellationToken cancellation)
    {
        var rates = baseline.LearningRates;
        var candidates = rates.Select(rate => CandidateOf(baseline, rate)).ToArray();
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

        return ([.. losses.Select((loss, i) => new GridPoint(rates[i], loss, i == best))], candidates[best]);
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

    private Candidate CandidateOf(Baseline baseline, double learningRate)
    {
        var problem = new OptimizedTask(_problem.Task, baseline.Create(learningRate));
        return new Candidate(baseline.With(learningRate), problem, Initial(problem));
    }

    private Comparison Compare(string measure, string against, TrialRun[] mine, TrialRun[] theirs)
    {
        Func<TrialRun, double> value = measure == TrainingLoss
            ? run => run.Diverged ? double.NaN : run.MeanTrainingLoss
            : run => run.FinalHeldOutLoss;
        return Comparison.Of(measure, against, [.. mine.Select(value)], [.. theirs.Select(value)]) with
        {
            Outside = _circumstances.Outside(_settings.Steps),
        };
    }
}
