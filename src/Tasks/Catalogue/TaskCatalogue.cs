using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Problems;
using Involute.Tasks.Regression;
using Involute.Tasks.Schedules;

namespace Involute.Tasks.Catalogue;

/// <summary>The components of this assembly, a line each: tasks, learned optimizers, truncation schedules.</summary>
public static class TaskCatalogue
{
    /// <summary>Their options records, in the order in which they are listed.</summary>
    public static IReadOnlyList<Type> Components { get; } =
    [
        typeof(FashionMnist8Relu32Options),
        typeof(ImageMlpOptions),
        typeof(QuadraticOptions),
        typeof(FixedDimQuadraticOptions),
        typeof(MlpRegressionOptions),
        typeof(MemorylessLinearOptions),
        typeof(InfluenceBalancingOptions),
        typeof(LorenzOptions),
        typeof(ToyRegression2DOptions),

        typeof(LearnableSgdOptions),
        typeof(LearnableSgdmOptions),
        typeof(LearnableAdamOptions),
        typeof(LearnableNesterovOptions),
        typeof(LearnableRmsPropOptions),
        typeof(MlpOptions),
        typeof(AdafacMlpOptions),
        typeof(NoOptimizerOptions),

        typeof(ConstantOptions),
        typeof(LogUniformOptions),
        typeof(NeverEndingOptions),
        typeof(ScheduledOptions),
    ];
}
