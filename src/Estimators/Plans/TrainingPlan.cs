using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Plans;

/// <summary>Everything that decides theta: two runs of the same plan give the same bits.</summary>
/// <param name="Problem">What is unrolled.</param>
/// <param name="Estimator">How losses become a gradient.</param>
/// <param name="Noise">Perturbations of theta.</param>
/// <param name="Schedule">Horizons of trajectories.</param>
/// <param name="Windows">How trajectories are cut into windows.</param>
/// <param name="MetaOptimizer">How the gradient changes theta.</param>
/// <param name="Pairs">Number of antithetic pairs, at least 1: the divisor of the gradient, always.</param>
/// <param name="PairsPerActor">Pairs whose contributions are summed before they are rounded and sent.</param>
public sealed record TrainingPlan<T>(
    IInnerProblem<T> Problem,
    IGradientEstimator<T> Estimator,
    INoise<T> Noise,
    ITruncationSchedule Schedule,
    WindowSettings Windows,
    IMetaOptimizer<T> MetaOptimizer,
    int Pairs,
    int PairsPerActor = 1)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Length of theta.</summary>
    public int ThetaLength => Problem.Layout.Length;

    /// <summary>
    /// What happens between two trajectories: an estimator without state between windows never meets a reset inside one,
    /// and always runs whole trajectories.
    /// </summary>
    public ResetContract Reset => Estimator.Needs.Carry == Carry.Nothing ? ResetContract.Exact : Windows.Reset;

    /// <summary>The blocks of pairs, in pair order.</summary>
    public IReadOnlyList<PairBlock> Blocks() => PairBlock.Partition(Pairs, PairsPerActor);
}

/// <summary>Makes plans.</summary>
public static class TrainingPlan
{
    /// <summary>A plan with the defaults of a run: what is not named is as in hocon/reference.conf.</summary>
    /// <param name="problem">What is unrolled.</param>
    /// <param name="estimator">How losses become a gradient.</param>
    /// <param name="schedule">Horizons of trajectories.</param>
    /// <param name="pairs">Number of antithetic pairs, at least 1.</param>
    /// <param name="window">Inner steps of a window, at least 1; FullES has none and does not use it.</param>
    /// <param name="offset">
    /// The step counter of each pair's first trajectory starts uniformly in [0, this); 0 starts all pairs at 0,
    /// <see cref="StationaryStart.Offset"/> where they stand after a long time.
    /// </param>
    /// <param name="sigma">Standard deviation of theta's perturbations, greater than 0.</param>
    /// <param name="seed">Every random number follows from it.</param>
    /// <param name="metaOptimizer">How the gradient changes theta; null for Adam with learning rate 0.03.</param>
    /// <remarks>Other settings: <c>plan with { Windows = plan.Windows with { … } }</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static TrainingPlan<T> Create<T>(
        IInnerProblem<T> problem,
        IGradientEstimator<T> estimator,
        ITruncationSchedule schedule,
        int pairs = 16,
        int window = 50,
        int offset = 0,
        double sigma = 0.1,
        long seed = 0,
        IMetaOptimizer<T>? metaOptimizer = null)
        where T : struct, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset == StationaryStart.Offset ? 0 : offset, nameof(offset));
        return new TrainingPlan<T>(
            problem,
            estimator,
            new GaussianNoise<T>(sigma),
            schedule,
            new WindowSettings(seed, window, offset),
            metaOptimizer ?? new MetaAdamOptions().Create<T>(),
            pairs);
    }
}
