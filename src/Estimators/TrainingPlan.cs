using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

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

    /// <summary>The blocks of pairs, in pair order.</summary>
    public IReadOnlyList<PairBlock> Blocks() => PairBlock.Partition(Pairs, PairsPerActor);
}
