using Involute.Tasks.Images;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>
/// A small residual network: a convolution, residual blocks of two convolutions, mean over the pixels, a dense layer.
/// </summary>
/// <remarks>
/// Batch normalisation behind each convolution, by the statistics of the batch, in evaluation too. Each block after the
/// first halves the image and doubles the channels, with a 1×1 convolution beside it. He et al., arXiv 1512.03385.
/// </remarks>
public sealed class ResNet : LaneClassifier
{
    // Kernel, gain, shift of each convolution.
    private const int TensorsPerConvolution = 3;

    private readonly int _blocks;

    /// <summary>A network.</summary>
    /// <param name="data">Images and classes.</param>
    /// <param name="channels">Of the first block, at least 1.</param>
    /// <param name="blocks">Number of blocks, at least 1.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train split is smaller than a batch.</exception>
    public ResNet(
        ImageDataset data, int channels, int blocks, int batchSize, TorchBatching batching = TorchBatching.Auto)
        : base("resnet", Shapes(data, channels, blocks), data, batchSize, batching) => _blocks = blocks;

    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(images);
        var next = 0;
        Tensor Convolve(Tensor grouped, long stride, long padding)
        {
            var result = LaneOps.BatchNorm(
                LaneOps.Conv2d(grouped, parameters[next], null, stride, padding), parameters[next + 1], parameters[next + 2]);
            next += TensorsPerConvolution;
            return result;
        }

        var x = Convolve(LaneOps.ToGrouped(images), 1, 1).relu();
        for (var block = 0; block < _blocks; block++)
        {
            var stride = block == 0 ? 1 : 2;
            var changed = Convolve(Convolve(x, stride, 1).relu(), 1, 1);
            x = changed.Plus(block == 0 ? x : Convolve(x, stride, 0)).relu();
        }

        return LaneOps.Linear(LaneOps.MeanPool(x, images.shape[0]), parameters[next], parameters[next + 1]);
    }

    private static List<(string Name, int[] Shape)> Shapes(ImageDataset data, int channels, int blocks)
    {
        ArgumentNullException.ThrowIfNull(data);
        var shapes = new List<(string, int[])>();
        void Convolution(string name, int inputs, int outputs, int size)
        {
            shapes.Add(($"{name}/w", [outputs, inputs, size, size]));
            shapes.Add(($"{name}/gain", [outputs]));
            shapes.Add(($"{name}/shift", [outputs]));
        }

        Convolution("stem", 1, channels, 3);
        var inputs = channels;
        for (var block = 0; block < blocks; block++)
        {
            var outputs = block == 0 ? inputs : 2 * inputs;
            Convolution($"block{block}/a", inputs, outputs, 3);
            Convolution($"block{block}/b", outputs, outputs, 3);
            if (block > 0)
            {
                Convolution($"block{block}/skip", inputs, outputs, 1);
            }

            inputs = outputs;
        }

        shapes.Add(("output/w", [inputs, data.Classes]));
        shapes.Add(("output/b", [data.Classes]));
        return shapes;
    }
}
