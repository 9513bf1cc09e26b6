using System.Numerics;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>What the learner owns: theta and the meta-optimizer's memory. Immutable; updates make a new one.</summary>
/// <param name="Theta">Theta and its version.</param>
/// <param name="MetaOptimizer">The meta-optimizer's memory.</param>
public sealed record OuterState<T>(Theta<T> Theta, ReadOnlyMemory<double> MetaOptimizer)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Inner training steps, over all pairs and lanes, that have led here.</summary>
    public long InnerSteps { get; init; }

    /// <summary>Before the first outer step.</summary>
    public static OuterState<T> Initial(TrainingPlan<T> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Initial(Theta<T>.Initial(plan.Problem, plan.Windows.Seed), plan.MetaOptimizer);
    }

    /// <summary>
    /// Before the first outer step of a loop of one's own: a theta, and a meta-optimizer without memory.
    /// </summary>
    public static OuterState<T> Initial(Theta<T> theta, IMetaOptimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(optimizer);
        return new OuterState<T>(theta, new double[optimizer.StateLength(theta.Values.Length)]);
    }

    /// <summary>The next state: the meta-optimizer applies a gradient, and the version counts one up.</summary>
    /// <param name="optimizer">The meta-optimizer whose memory this state has.</param>
    /// <param name="gradient">Of theta's length.</param>
    public OuterState<T> Updated(IMetaOptimizer<T> optimizer, ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var theta = Theta.Values.ToArray();
        var memory = MetaOptimizer.ToArray();
        optimizer.Update(theta, memory, gradient);
        return this with { Theta = new Theta<T>(Theta.Version.Next, theta), MetaOptimizer = memory };
    }
}

/// <summary>What one outer step did.</summary>
/// <param name="State">Theta and the meta-optimizer after it.</param>
/// <param name="MeanLoss">Mean over pairs of their windows' mean loss.</param>
/// <param name="GradientNorm">Euclidean norm of the mean gradient, before any clipping.</param>
/// <param name="InnerSteps">Inner training steps, over all pairs and lanes.</param>
/// <param name="Reports">One per pair, in pair order.</param>
public sealed record OuterStepResult<T>(
    OuterState<T> State, double MeanLoss, double GradientNorm, long InnerSteps, IReadOnlyList<PairReport> Reports)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>The theta version that this step has made: 1 after the first step.</summary>
    public ThetaVersion Version => State.Theta.Version;
}

/// <summary>
/// One outer step's arithmetic; the same function in the sequential program and in the learner actor.
/// </summary>
public sealed class OuterUpdate<T>(TrainingPlan<T> plan)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Adds the contributions in pair order, divides by the number of pairs, and applies the meta-optimizer.
    /// </summary>
    /// <param name="state">The state that the contributions were computed under.</param>
    /// <param name="contributions">One per block, in pair order.</param>
    /// <exception cref="ArgumentException">A block is missing, out of order, or ran under another theta.</exception>
    public OuterStepResult<T> Apply(OuterState<T> state, IReadOnlyList<PairContribution<T>> contributions) =>
        Apply(state, contributions, plan.MetaOptimizer);

    /// <summary>The same with the meta-optimizer of this step, where a run has changed its settings.</summary>
    /// <param name="state">The state that the contributions were computed under.</param>
    /// <param name="contributions">One per block, in pair order.</param>
    /// <param name="optimizer">One whose memory is that of the plan's.</param>
    /// <exception cref="ArgumentException">A block is missing, out of order, or ran under another theta.</exception>
    public OuterStepResult<T> Apply(
        OuterState<T> state, IReadOnlyList<PairContribution<T>> contributions, IMetaOptimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(contributions);
        Require(state, contributions);
        var estimate = GradientEstimate.Of(plan, contributions);
        var steps = estimate.Reports.Sum(report => (long)report.Steps) * plan.Estimator.Needs.Arms.Count();
        return new OuterStepResult<T>(
            state.Updated(optimizer, estimate.Gradient) with { InnerSteps = state.InnerSteps + steps },
            estimate.MeanLoss,
            estimate.Norm,
            steps,
            estimate.Reports);
    }

    private void Require(OuterState<T> state, IReadOnlyList<PairContribution<T>> contributions)
    {
        var next = 0;
        foreach (var contribution in contributions)
        {
            if (contribution.Block.First != next
                || contribution.Version != state.Theta.Version
                || contribution.Gradient.Length != plan.ThetaLength)
            {
                throw new ArgumentException(
                    $"contribution of pairs from {contribution.Block.First} under theta {contribution.Version}: "
                        + $"expected pairs from {next} under theta {state.Theta.Version}");
            }

            next += contribution.Block.Count;
        }

        if (next != plan.Pairs)
        {
            throw new ArgumentException($"contributions of {next} pairs, expected {plan.Pairs}");
        }
    }
}
