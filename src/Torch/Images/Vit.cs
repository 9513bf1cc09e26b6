using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>
/// A vision transformer: patches with learned positions, transformer blocks, mean over the patches, a dense layer.
/// </summary>
/// <remarks>Dosovitskiy et al., arXiv 2010.11929, with the mean in place of a class token.</remarks>
public sealed class Vit : LaneClassifier
{
    private readonly Patches _patches;
    private readonly int _blocks;
    private readonly int _heads;

    /// <summary>A network.</summary>
    /// <param name="data">Images and classes.</param>
    /// <param name="patch">Pixels of a side of a patch; divides height and width.</param>
    /// <param name="width">Features of a patch; a multiple of the number of heads.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="heads">Heads of the attention.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or the train split is smaller than a batch.</exception>
    public Vit(
        ImageDataset data, int patch, int width, int blocks, int heads, int batchSize,
        TorchBatching batching = TorchBatching.Auto)
        : base("vit", Shapes(data, new Patches(data, patch), width, blocks), data, batchSize, batching)
    {
        if (width % heads != 0)
        {
            throw new ArgumentException($"{heads} heads do not divide a width of {width}");
        }

        _patches = new Patches(data, patch);
        _blocks = blocks;
        _heads = heads;
    }

    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(images);
        var x = LaneOps.Linear(_patches.Of(images), parameters[0], parameters[1]).Plus(parameters[2].unsqueeze(1));
        for (var block = 0; block < _blocks; block++)
        {
            x = Transformer.Block(x, parameters, 3 + (block * Transformer.TensorsPerBlock), _heads, causal: false);
        }

        var end = parameters.Count - 4;
        var pooled = LaneOps.LayerNorm(x, parameters[end], parameters[end + 1]).mean([2]);
        return LaneOps.Linear(pooled, parameters[end + 2], parameters[end + 3]);
    }

    private static (string Name, int[] Shape)[] Shapes(ImageDataset data, Patches patches, int width, int blocks) =>
    [
        ("patch/w", [patches.Pixels, width]), ("patch/b", [width]), ("position", [patches.Count, width]),
        .. Enumerable.Range(0, blocks).SelectMany(block => Transformer.Shapes(block, width)),
        ("output/gain", [width]), ("output/shift", [width]), ("output/w", [width, data.Classes]),
        ("output/b", [data.Classes]),
    ];
}
