using System.Numerics;
using Involute.Tasks.Components;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Options of a meta-optimizer: how the gradient changes theta.</summary>
/// <remarks>
/// Derived records implement <see cref="Rule"/>; schedule, accumulation and clipping are put around it here.
/// </remarks>
[ComponentKind("meta-optimizer", "meta-optimizers")]
public abstract record MetaOptimizerOptions : ComponentOptions
{
    /// <summary>When it acts, how far it goes, on what part of the gradient.</summary>
    [OptionGroup]
    public MetaStepOptions Step { get; init; } = new();

    /// <summary>Step size on theta; with a schedule, its highest value.</summary>
    public abstract double LearningRate { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Step.LearningRateSchedule == RateSchedule.Cosine && Step.DecaySteps <= Step.WarmUp)
        {
            yield return new OptionProblem(
                "decay-steps", $"{Step.DecaySteps} is not behind warm-up = {Step.WarmUp}",
                "more than meta-optimizer.warm-up");
        }
    }

    /// <summary>
    /// Makes the meta-optimizer. From the inside out: the rule, a scheduled learning rate, accumulation, clipping of
    /// the norm, clipping of entries.
    /// </summary>
    public IMetaOptimizer<T> Create<T>()
        where T : struct, IFloatingPointIeee754<T>
    {
        var optimizer = Step.LearningRateSchedule == RateSchedule.Constant
            ? Rule<T>(LearningRate)
            : new ScheduledLearningRate<T>(Step.Rate(LearningRate), Rule<T>);
        if (Step.Accumulate > 1)
        {
            optimizer = new GradientAccumulator<T>(optimizer, Step.Accumulate);
        }

        // Each outer step's gradient is clipped before it is accumulated: one bad step must not spoil the others.
        if (Step.ClipNorm is { } norm)
        {
            optimizer = new ClipByGlobalNorm<T>(optimizer, norm);
        }

        return Step.ClipValue is { } value ? new ClipByValue<T>(optimizer, value) : optimizer;
    }

    /// <summary>The learning rate by which an outer step changes theta.</summary>
    /// <param name="outerStep">The step: 1 for the first.</param>
    public double LearningRateAt(long outerStep) => Step.LearningRateSchedule == RateSchedule.Constant
        ? LearningRate
        : Step.Rate(LearningRate).At((outerStep - 1) / Step.Accumulate);

    /// <summary>The rule itself, with a learning rate.</summary>
    protected abstract IMetaOptimizer<T> Rule<T>(double learningRate)
        where T : struct, IFloatingPointIeee754<T>;
}
