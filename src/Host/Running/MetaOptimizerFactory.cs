using System.Diagnostics;
using Involute.Estimators.MetaOptimizers;
using Involute.Hosting.Configuration;
using Involute.Tasks.Schedules;

namespace Involute.Hosting.Running;

/// <summary>Makes the meta-optimizer that a configuration describes, with what surrounds it.</summary>
internal static class MetaOptimizerFactory
{
    /// <summary>From the inside out: the rule, its schedule, accumulation, clipping of the norm, clipping of entries.</summary>
    public static IMetaOptimizer<float> Create(MetaOptimizerSettings settings)
    {
        var step = settings.Step;
        var optimizer = step.Schedule == RateSchedule.Constant
            ? Rule(settings, settings.LearningRate)
            : new ScheduledLearningRate<float>(Rate(settings.LearningRate, step), rate => Rule(settings, rate));
        if (step.Accumulate > 1)
        {
            optimizer = new GradientAccumulator<float>(optimizer, step.Accumulate);
        }

        // Each outer step's gradient is clipped before it is accumulated: one bad step must not spoil the others.
        if (step.Clipping.Norm > 0)
        {
            optimizer = new ClipByGlobalNorm<float>(optimizer, step.Clipping.Norm);
        }

        return step.Clipping.Value > 0 ? new ClipByValue<float>(optimizer, step.Clipping.Value) : optimizer;
    }

    private static IMetaOptimizer<float> Rule(MetaOptimizerSettings settings, double learningRate) => settings switch
    {
        MetaAdamSettings adam => new MetaAdam<float>(
            learningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.EpsilonRoot),
        MetaSgdSettings => new MetaSgd<float>(learningRate),
        _ => throw new UnreachableException($"no meta-optimizer for {settings.Name}"),
    };

    private static IScalarSchedule Rate(double peak, MetaStepSettings step) => step.Schedule switch
    {
        RateSchedule.RampUpSqrtDecay => new LinearRampUpSqrtDecay(peak, Math.Max(step.WarmUp, 1)),
        RateSchedule.ExponentialDecay => new ExponentialDecay(peak, step.DecayRate),
        RateSchedule.Cosine => new CosineDecay(peak, step.DecaySteps, step.FinalLearningRate, step.WarmUp),
        _ => throw new UnreachableException($"no schedule for {step.Schedule}"),
    };
}
