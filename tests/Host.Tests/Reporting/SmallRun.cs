using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

namespace Involute.Host.Tests.Reporting;

/// <summary>Real outer steps of a problem that takes no time.</summary>
internal static class SmallRun
{
    public static TrainingPlan<float> Plan(ILearnedOptimizer optimizer, int pairs = 10) => new(
        new OptimizedTask(new FixedDimQuadraticFamily(), optimizer),
        new PersistentES<float>(),
        new GaussianNoise<float>(0.01),
        new ConstantSchedule(60),
        new WindowSettings(Seed: 7, Window: 20, InitialOffset: 60),
        new MetaAdam<float>(0.05),
        pairs);

    public static OuterStepResult<float>[] Steps(ILearnedOptimizer optimizer, int outerSteps) =>
        [.. new SequentialTrainer<float>(Plan(optimizer)).Run(outerSteps)];
}
