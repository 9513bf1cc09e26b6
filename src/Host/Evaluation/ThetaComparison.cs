using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

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

    /// <summary>Prepares the evaluation of a plan's problem.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trials">Fresh trajectories, 1 to <see cref="EvaluationTrials.Limit"/>.</param>
    /// <param name="steps">Inner steps of each, at least 1; null: horizons of the plan's schedule.</param>
    /// <param name="threads">Threads to use; no number depends on it.</param>
    public ThetaComparison(TrainingPlan<float> plan, int trials, int? steps, int threads)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trials, EvaluationTrials.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (_plan, _trials, _steps, _threads) = (plan, trials, steps, threads);
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
            [.. trials.Select(trial => trial.Trained)], [.. trials.Select(trial => trial.Initial)]);
    }

    private ThetaTrial Unroll(int trial, float[] theta)
    {
        var key = EvaluationTrials.Key(_plan.Windows.Seed, trial);
        var steps = _steps ?? _plan.Schedule.Horizon(key);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        using var unroll = _plan.Problem.CreateUnroll(1, ArmSet.CentreOnly);
        unroll.Reset(0, new Trajectory(key, steps), thetas);

        // In pieces, so that a long trajectory's losses are not all in memory.
        var losses = new StepLoss[Math.Min(steps, 1024)];
        var sum = 0.0;
        for (var done = 0; done < steps; done += losses.Length)
        {
            var count = Math.Min(losses.Length, steps - done);
            unroll.Advance([new Segment(0, key, done, count, LossTime.BeforeUpdate, 0)], thetas, losses);
            foreach (var loss in losses.AsSpan(0, count))
            {
                sum += loss.Diverged ? _plan.Problem.CeilingLoss : _plan.Problem.Normalize(loss.Loss);
            }

            if (losses[count - 1].Diverged)
            {
                return new ThetaTrial(steps, double.NaN);
            }
        }

        return new ThetaTrial(steps, sum / steps);
    }
}

/// <summary>One trajectory under one theta.</summary>
/// <param name="Steps">Its inner steps.</param>
/// <param name="MeanLoss">Mean normalised loss; NaN when it diverged.</param>
internal readonly record struct ThetaTrial(int Steps, double MeanLoss);
