using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Torch;
using Involute.Torch.Batching;
using Involute.Torch.Images;

namespace Involute.Host.Benchmarks;

/// <summary>
/// What libtorch does, on the perceptron that the other cases compute with the built-in kernels: 64-32-10, batch 128. A
/// case loads libtorch when it is prepared, not before.
/// </summary>
internal static class TorchCases
{
    private const int Pairs = 16;

    // A window of the loop takes some tenths of a second with 50 steps.
    private const int Window = 10;

    private const string Loop = "torch-mlp-adam-loop";
    private const string Lanes = "torch-mlp-adam-lanes";
    private const string Vmap = "torch-mlp-adam-vmap";

    private const string Adam = "update-adam";
    private const string Learned = "update-mlp";
    private const string DeadAdam = "update-adam-dead-unit";
    private const string DeadLearned = "update-mlp-dead-unit";
    private const string Factored = "update-adafac-mlp";
    private const string DeadFactored = "update-adafac-mlp-dead-unit";
    private const string TorchAdam = "torch-update-adam";
    private const string TorchLearned = "torch-update-mlp";

    /// <summary>
    /// Windows of 16 stacked pairs in the three ways of computing lanes; updates of as many lanes by SIMD optimizers
    /// and by torch.
    /// </summary>
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        Windows(Loop, TorchBatching.Loop),
        Windows(Lanes, TorchBatching.Lanes),
        Windows(Vmap, TorchBatching.Vmap),
        Updates(Adam, () => new LearnableAdam(0.01)),
        Updates(DeadAdam, () => new LearnableAdam(0.01), deadUnit: true),
        TorchUpdates(TorchAdam, () => new LearnableAdam(0.01)),
        Updates(Learned, () => new MlpOptimizer()) with { Flops = BenchCases.LearnedUpdate },
        Updates(DeadLearned, () => new MlpOptimizer(), deadUnit: true) with { Flops = BenchCases.LearnedUpdate },
        TorchUpdates(TorchLearned, () => new MlpOptimizer()),
        Updates(Factored, () => new AdafacMlpOptimizer()) with { Flops = BenchCases.AdafacUpdate },
        Updates(DeadFactored, () => new AdafacMlpOptimizer(), deadUnit: true) with { Flops = BenchCases.AdafacUpdate },
    ];

    /// <summary>What is compared.</summary>
    public static IReadOnlyList<BenchRatio> Ratios { get; } =
    [
        new(Lanes, Loop, 2.5), new(Vmap, Lanes, 0.75), new(Adam, TorchAdam, 4), new(Learned, TorchLearned, 2),
        new(DeadAdam, Adam, 0.6), new(DeadLearned, Learned, 0.6), new(DeadFactored, Factored, 0.5),
    ];

    private static BenchCase Windows(string name, TorchBatching batching) => new(name, () =>
    {
        TorchRuntime.Ensure();
        var task = new TorchMlp(FashionMnist.Embedded8x8(), hidden: 32, batchSize: 128, batching);
        return new WindowWork(new OptimizedTask(task, new LearnableAdam(0.01)), Pairs, Window);
    });

    private static BenchCase Updates(string name, Func<ILearnedOptimizer> optimizer, bool deadUnit = false) =>
        new(name, () => new UpdateWork(optimizer(), ImageMlp.FashionMnist8Relu32().Parameters, deadUnit));

    private static BenchCase TorchUpdates(string name, Func<ILearnedOptimizer> optimizer) => new(name, () =>
    {
        TorchRuntime.Ensure();
        return new TorchUpdateWork(optimizer(), ImageMlp.FashionMnist8Relu32().Parameters);
    });
}
