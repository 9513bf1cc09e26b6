using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Tests;

/// <summary>Small plans whose trajectories end inside windows.</summary>
internal static class TestPlans
{
    public const string Identity = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Ten pairs; horizons of 3 to 17 steps, windows of 5, first trajectories that start anywhere.</summary>
    public static TrainingPlan<float> Adam(int pairsPerActor = 1, int pairs = 10) => new(
        new OptimizedTask(new FixedDimQuadraticFamily(6), new LearnableAdam(0.05)),
        new PersistentES<float>(),
        new GaussianNoise<float>(0.02),
        new LogUniformSchedule(3, 17),
        new WindowSettings(Seed: 11, Window: 5, InitialOffset: 17),
        new MetaAdam<float>(0.01),
        pairs,
        pairsPerActor);

    /// <summary>Three pairs of one learned number each.</summary>
    public static TrainingPlan<float> Sgd(
        double learningRate = 0.05,
        DivergencePolicy divergence = DivergencePolicy.Ceiling,
        double metaRate = 1e-4) => new(
        new OptimizedTask(new QuadraticTask(4), new LearnableSgd(learningRate)),
        new PersistentES<float>(),
        new GaussianNoise<float>(0.02),
        new LogUniformSchedule(3, 9),
        new WindowSettings(Seed: 5, Window: 4, InitialOffset: 9, Divergence: divergence),
        new MetaSgd<float>(metaRate),
        Pairs: 3);

    public static TrainingPlan<float> With(this TrainingPlan<float> plan, IInnerProblem<float> problem) =>
        plan with { Problem = problem };

    /// <summary>Theta's hash after each outer step of the sequential program.</summary>
    public static string[] SequentialHashes(TrainingPlan<float> plan, int outerSteps) =>
        [.. new SequentialTrainer<float>(plan).Run(outerSteps).Select(result => result.State.Theta.HashText())];
}
