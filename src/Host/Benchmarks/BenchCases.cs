using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Benchmarks;

/// <summary>What <c>involute bench</c> measures.</summary>
internal static class BenchCases
{
    private const int Window = 50;

    /// <summary>The cases in the order in which they are printed.</summary>
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        new("mlp-64-32-10-b128-adam", () => new StepWork(OnPerceptron(new LearnableAdam(0.01)))),
        new("mlplopt-on-mlp-64-32-10", () => new StepWork(OnPerceptron(new MlpOptimizer()))),
        new("adafac-on-mlp-64-32-10", () => new StepWork(OnPerceptron(new AdafacMlpOptimizer()))),
        new("quadratic-10-adam", () => new StepWork(OnQuadratic())),
        new("pes-window", () => new WindowWork(OnPerceptron(new LearnableAdam(0.01)), pairs: 1, Window)),
        new("pes-window-quadratic-16-pairs", () => new WindowWork(OnQuadratic(), pairs: 16, Window)),
        .. TorchCases.All,
    ];

    /// <summary>What is compared.</summary>
    public static IReadOnlyList<BenchRatio> Ratios => TorchCases.Ratios;

    private static OptimizedTask OnPerceptron(ILearnedOptimizer optimizer) =>
        new(ImageMlp.FashionMnist8Relu32(), optimizer);

    private static OptimizedTask OnQuadratic() => new(new FixedDimQuadraticFamily(10), new LearnableAdam(0.01));
}
