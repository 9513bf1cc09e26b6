using System.Runtime.Intrinsics;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>What <c>involute bench</c> measures.</summary>
internal static class BenchCases
{
    private const int Window = 50;
    private const string StepFunction = "step-function";
    private const string PackedStepFunction = "step-function-packed";

    // A multiplication and an addition for each weight and example: forwards, and backwards to the weights and, but for the
    // first layer, to the layer before.
    private const double SmallStep = 2.0 * 128 * ((2 * ((64 * 32) + (32 * 10))) + (32 * 10));
    private const double LargeStep =
        2.0 * 128 * ((2 * ((784 * 128) + (128 * 128) + (128 * 10))) + (128 * 128) + (128 * 10));

    /// <summary>The network 19-32-32-2 of MLPLOpt, for each of 2,410 weights.</summary>
    public const double LearnedUpdate = 2.0 * 2410 * ((19 * 32) + (32 * 32) + (32 * 2));

    /// <summary>The network 39-4-4-2 of AdafacMLPLOpt, for each of them; its features take longer.</summary>
    public const double AdafacUpdate = 2.0 * 2410 * ((39 * 4) + (4 * 4) + (4 * 2));

    /// <summary>What this machine can do at most: measured with every case that has a share of it.</summary>
    public static IReadOnlyList<BenchCase> Peaks { get; } =
    [
        .. Peak(256, Vector256.IsHardwareAccelerated), .. Peak(512, Vector512.IsHardwareAccelerated),
    ];

    /// <summary>The cases in the order in which they are printed.</summary>
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        .. Peaks,
        new("memory-copy", () => new MemoryWork()) { Unit = BenchUnit.Copy },
        new("mlp-64-32-10-b128-adam", () => new StepWork(OnPerceptron(new LearnableAdam(0.01)))) { Flops = SmallStep },
        new("mlp-784-128-128-10-b128-adam", () => new StepWork(OnLargePerceptron())) { Flops = LargeStep },
        new("mlplopt-on-mlp-64-32-10", () => new StepWork(OnPerceptron(new MlpOptimizer())))
        {
            Flops = SmallStep + LearnedUpdate,
        },
        new("adafac-on-mlp-64-32-10", () => new StepWork(OnPerceptron(new AdafacMlpOptimizer())))
        {
            Flops = SmallStep + AdafacUpdate,
        },
        new("quadratic-10-adam", () => new StepWork(OnQuadratic())),
        new("quadratic-10-adam-packed", () => new WindowWork(OnQuadratic(), pairs: 256, Window)),
        new("pes-window", () => new WindowWork(OnPerceptron(new LearnableAdam(0.01)), pairs: 1, Window))
        {
            Flops = SmallStep,
        },
        new("pes-window-quadratic-16-pairs", () => new WindowWork(OnQuadratic(), pairs: 16, Window)),
        new(StepFunction, () => new WindowWork(new StepProblem<float>(new PlainStep(new RoomStep())), pairs: 64, Window)),
        new(PackedStepFunction, () => new WindowWork(new StepProblem<float>(new RoomStep()), pairs: 64, Window)),
        .. TorchCases.All,
    ];

    /// <summary>What is compared.</summary>
    public static IReadOnlyList<BenchRatio> Ratios { get; } = [new(PackedStepFunction, StepFunction, 4), .. TorchCases.Ratios];

    /// <summary>What is compared with whole runs.</summary>
    public static IReadOnlyList<BenchRatio> RunRatios { get; } =
    [
        new(WholeRuns.OneThread, "mlp-64-32-10-b128-adam", 0.92),
        .. Environment.ProcessorCount == 2
            ? new BenchRatio[] { new(WholeRuns.AllThreads, WholeRuns.OneThread, 1.9) }
            : [],
    ];

    private static IEnumerable<BenchCase> Peak(int width, bool isThere) => isThere
        ? [new BenchCase($"peak-{width}", () => new PeakWork(width)) { Unit = BenchUnit.Peak, Flops = PeakWork.Flops(width) }]
        : [];

    private static OptimizedTask OnLargePerceptron() => new(
        new ImageMlp("mlp-784-128-128-10", RandomImages.Of(28), [128, 128], 128), new LearnableAdam(0.01));

    private static OptimizedTask OnPerceptron(ILearnedOptimizer optimizer) =>
        new(ImageMlp.FashionMnist8Relu32(), optimizer);

    private static OptimizedTask OnQuadratic() => new(new FixedDimQuadraticFamily(10), new LearnableAdam(0.01));
}
