using Involute.Tasks.Images;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>A small convolutional network: 3×3 kernels, ReLU, mean over the pixels, one dense layer.</summary>
/// <remarks>
/// The first convolution has stride 2, the others 1, all with a border of zeros. Parameters are <c>w0, b0, w1, b1,
/// …</c>: kernels as
/// [outputs, inputs, rows, columns], the last layer's weights as [inputs, outputs]. Reference: learned_optimization,
/// tasks/fixed/conv.py (its data have three channels, ours one).
/// </remarks>
public sealed class Conv : LaneClassifier
{
    private const int Kernel = 3;

    private readonly int _layers;

    /// <summary>A network with these channels.</summary>
    /// <param name="data">Images and classes.</param>
    /// <param name="channels">Of each convolution, at least one.</param>
    /// <param name="batchSize">Examples per step, at least 1.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the train split is smaller than a batch.</exception>
    public Conv(
        ImageDataset data, IReadOnlyList<int> channels, int batchSize, TorchBatching batching = TorchBatching.Auto)
        : base("conv", Shapes(data, channels), data, batchSize, batching) => _layers = channels.Count;

    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(images);
        var x = LaneOps.ToGrouped(images);
        for (var layer = 0; layer < _layers; layer++)
        {
            x = LaneOps.Conv2d(x, parameters[2 * layer], parameters[(2 * layer) + 1], Stride(layer), 1).relu();
        }

        return LaneOps.Linear(LaneOps.MeanPool(x, images.shape[0]), parameters[^2], parameters[^1]);
    }

    private static long Stride(int layer) => layer == 0 ? 2 : 1;

    private static List<(string Name, int[] Shape)> Shapes(ImageDataset data, IReadOnlyList<int> channels)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(channels);
        var shapes = new List<(string, int[])>();
        var inputs = 1;
        foreach (var outputs in channels)
        {
            var layer = shapes.Count / 2;
            shapes.Add(($"w{layer}", [outputs, inputs, Kernel, Kernel]));
            shapes.Add(($"b{layer}", [outputs]));
            inputs = outputs;
        }

        shapes.Add(($"w{channels.Count}", [inputs, data.Classes]));
        shapes.Add(($"b{channels.Count}", [data.Classes]));
        return shapes;
    }
}
