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

    /// <summary>Windows of 16 stacked pairs in the three ways of computing lanes.</summary>
    public static IReadOnlyList<BenchCase> All { get; } =
    [
        Windows(Loop, TorchBatching.Loop),
        Windows(Lanes, TorchBatching.Lanes),
        Windows(Vmap, TorchBatching.Vmap),
    ];

    /// <summary>What is compared.</summary>
    public static IReadOnlyList<BenchRatio> Ratios { get; } = [new(Lanes, Loop, 2.5), new(Vmap, Lanes, 0.75)];

    private static BenchCase Windows(string name, TorchBatching batching) => new(name, () =>
    {
        TorchRuntime.Ensure();
        var task = new TorchMlp(FashionMnist.Embedded8x8(), hidden: 32, batchSize: 128, batching);
        return new WindowWork(new OptimizedTask(task, new LearnableAdam(0.01)), Pairs, Window);
    });
}
