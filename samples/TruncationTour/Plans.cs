using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

namespace Involute.Samples.TruncationTour;

/// <summary>10-dimensional quadratics trained by Adam, whose four hyper-parameters are theta; four antithetic pairs.</summary>
internal static class Plans
{
    public const int Pairs = 4;

    public static TrainingPlan<float> Of(
        IGradientEstimator<float> estimator, ITruncationSchedule schedule, int window, int offset) => new(
        new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(initialLearningRate: 0.01)),
        estimator,
        new GaussianNoise<float>(sigma: 0.01),
        schedule,
        new WindowSettings(Seed: 0, window, offset),
        new MetaAdam<float>(learningRate: 1e-3),
        Pairs);

    public static PairState<float> Start(TrainingPlan<float> plan) => new(plan, new PairBlock(0, Pairs));

    /// <summary>The mean gradient over the pairs, with the names of theta.</summary>
    public static void PrintGradient(TextWriter output, TrainingPlan<float> plan, PairContribution<float> contribution)
    {
        var table = new Table("theta", "gradient");
        foreach (var slice in plan.Problem.Layout.Slices)
        {
            table.Add(slice.Name, $"{contribution.Gradient.Span[slice.Offset] / Pairs:0.0000}");
        }

        table.Write(output);
    }
}
