using System.Numerics;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;

namespace Involute.Estimators;

/// <summary>
/// All pairs of a plan, in one thread and without actors: what a notebook asks for gradients. They go on from estimate
/// to estimate; dispose of them at the end.
/// </summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
public sealed class AllPairs<T> : IDisposable
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly TrainingPlan<T> _plan;
    private readonly PairState<T>[] _blocks;
    private readonly ComputeSlot<T> _slot = new();

    /// <summary>Creates the pairs before their first window.</summary>
    /// <exception cref="ArgumentException">The estimator runs whole trajectories, and the schedule's never
    /// end.</exception>
    /// <exception cref="NotSupportedException">The estimator differentiates the unroll, and the problem
    /// cannot.</exception>
    public AllPairs(TrainingPlan<T> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _blocks = [.. plan.Blocks().Select(block => new PairState<T>(plan, block))];
    }

    /// <summary>Number of pairs.</summary>
    public int Count => _plan.Pairs;

    /// <summary>The step counter of each pair.</summary>
    public IReadOnlyList<int> InnerSteps =>
        [.. _blocks.SelectMany(block => block.Cursors).Select(cursor => cursor.InnerStep)];

    /// <summary>
    /// A readable copy of what one pair carries from window to window: names, shapes and values of its state.
    /// </summary>
    /// <param name="pair">Id of the pair, 0 to <see cref="Count"/> − 1.</param>
    public PairView<T> this[int pair]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(pair);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pair, Count);
            var block = _blocks[pair / _plan.PairsPerActor];
            return PairView<T>.Of(_plan, block, pair - block.Block.First);
        }
    }

    /// <summary>
    /// Unrolls every pair by one window under <paramref name="theta"/> and estimates the gradient from it.
    /// </summary>
    /// <remarks>The state moves on: the next estimate starts where this one ended.</remarks>
    public GradientEstimate Estimate(Theta<T> theta) => GradientEstimate.Of(_plan, RunWindow(theta));

    /// <summary>
    /// The same, as the contributions that pair actors would send; for <see cref="OuterUpdate{T}"/>.
    /// </summary>
    public IReadOnlyList<PairContribution<T>> RunWindow(Theta<T> theta) =>
        [.. _blocks.Select(block => block.RunWindow(theta, _slot))];

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_blocks, block => block.Dispose());
}
