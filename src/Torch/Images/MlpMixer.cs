using Involute.Tasks.Images;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>
/// Blocks of dense layers, in turn over the patches and over the features; mean over the patches, a dense layer.
/// </summary>
/// <remarks>
/// Tolstikhin et al., arXiv 2105.01601, with GELU, and layer normalisation before each part and the mean. Hidden layers
/// are twice as wide as what they mix.
/// </remarks>
public sealed class MlpMixer : LaneClassifier
{
    private const int Expansion = 2;
    private const int TensorsPerBlock = 12;

    private readonly Patches _patches;
    private readonly int _blocks;

    /// <summary>A network.</summary>
    /// <param name="data">Images and classes.</param>
    /// <param name="patch">Pixels of a side of a patch; divides height and width.</param>
    /// <param name="width">Features of a patch.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or the train split is smaller than a batch.</exception>
    public MlpMixer(
        ImageDataset data, int patch, int width, int blocks, int batchSize, TorchBatching batching = TorchBatching.Auto)
        : base("mlp-mixer", Shapes(data, new Patches(data, patch), width, blocks), data, batchSize, batching)
    {
        _patches = new Patches(data, patch);
        _blocks = blocks;
    }

    /// <inheritdoc/>
    public override double StackingGain => 1.2;

    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(images);
        Tensor Dense(Tensor x, int first) => LaneOps.Linear(
            nn.functional.gelu(LaneOps.Linear(x, parameters[first], parameters[first + 1])), parameters[first + 2],
            parameters[first + 3]);
        Tensor Normal(Tensor x, int first) => LaneOps.LayerNorm(x, parameters[first], parameters[first + 1]);

        var x = LaneOps.Linear(_patches.Of(images), parameters[0], parameters[1]);
        for (var block = 0; block < _blocks; block++)
        {
            var first = 2 + (block * TensorsPerBlock);
            x = x.Plus(Dense(Normal(x, first).transpose(2, 3), first + 2).transpose(2, 3));
            x = x.Plus(Dense(Normal(x, first + 6), first + 8));
        }

        var end = parameters.Count - 4;
        return LaneOps.Linear(Normal(x, end).mean([2]), parameters[end + 2], parameters[end + 3]);
    }

    private static List<(string Name, int[] Shape)> Shapes(ImageDataset data, Patches patches, int width, int blocks)
    {
        var shapes = new List<(string, int[])> { ("patch/w", [patches.Pixels, width]), ("patch/b", [width]) };
        void Mixing(string name, int size)
        {
            shapes.Add(($"{name}/gain", [width]));
            shapes.Add(($"{name}/shift", [width]));
            shapes.Add(($"{name}/w0", [size, Expansion * size]));
            shapes.Add(($"{name}/b0", [Expansion * size]));
            shapes.Add(($"{name}/w1", [Expansion * size, size]));
            shapes.Add(($"{name}/b1", [size]));
        }

        for (var block = 0; block < blocks; block++)
        {
            Mixing($"block{block}/patches", patches.Count);
            Mixing($"block{block}/features", width);
        }

        shapes.Add(("output/gain", [width]));
        shapes.Add(("output/shift", [width]));
        shapes.Add(("output/w", [width, data.Classes]));
        shapes.Add(("output/b", [data.Classes]));
        return shapes;
    }
}
