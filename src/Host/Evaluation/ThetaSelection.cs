using Involute.Estimators.Plans;

namespace Involute.Host.Evaluation;

/// <summary>
/// Measures several thetas of a run on the same fresh trajectories, to choose one of them. The trajectories are others
/// than those of the evaluation, which would flatter what was chosen on them.
/// </summary>
/// <param name="Thetas">The thetas.</param>
/// <param name="Losses">Mean normalised loss of each; null where a trajectory diverged.</param>
internal sealed record ThetaSelection(IReadOnlyList<Theta<float>> Thetas, IReadOnlyList<Statistic?> Losses)
{
    /// <summary>Most thetas that are measured; of more, about evenly spaced ones.</summary>
    public const int Most = 32;

    /// <summary>The one with the lowest loss; null if all diverged.</summary>
    public Theta<float>? Best => Thetas.Zip(Losses, (theta, loss) => (Theta: theta, Loss: loss))
        .Where(tried => tried.Loss is not null)
        .OrderBy(tried => tried.Loss!.Mean)
        .Select(tried => tried.Theta)
        .FirstOrDefault();

    /// <summary>Those of many steps that are measured: the last, and others about evenly before it.</summary>
    public static IReadOnlyList<long> Spread(IReadOnlyCollection<long> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        long[] all = [.. steps];
        var count = Math.Min(all.Length, Most);
        return [.. Enumerable.Range(1, count).Select(i => all[(int)((long)all.Length * i / count) - 1])];
    }

    /// <summary>Measures.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="thetas">The thetas.</param>
    /// <param name="trials">Fresh trajectories, 1 to <see cref="EvaluationTrials.Limit"/>.</param>
    /// <param name="steps">Inner steps of each; null: horizons of the plan's schedule.</param>
    /// <param name="threads">Threads to use; no number depends on it.</param>
    public static ThetaSelection Of(
        TrainingPlan<float> plan, IReadOnlyList<Theta<float>> thetas, int trials, int? steps, int threads)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(thetas);
        var values = thetas.Select(theta => theta.Values.ToArray()).ToArray();
        var losses = values.Select(_ => new double[trials]).ToArray();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, values.Length * trials, parallel, i =>
        {
            var (theta, trial) = Math.DivRem(i, trials);
            var last = EvaluationTrials.Limit - 1;
            losses[theta][trial] = ThetaTrial.Of(plan, last - trial, values[theta], steps).MeanLoss;
        });
        return new ThetaSelection(thetas, [.. losses.Select(Statistic.Of)]);
    }
}
