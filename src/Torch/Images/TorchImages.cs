using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>The images of a data set as tensors, made when first asked for.</summary>
/// <param name="data">The data set.</param>
internal sealed class TorchImages(ImageDataset data)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DataSplit, (Tensor Pixels, Tensor Labels)> _made = [];

    /// <summary>Picks images.</summary>
    /// <param name="indices">int32 [pairs, examples]</param>
    /// <param name="split">Part of the data.</param>
    /// <returns>float32 in [0, 1] [pairs, examples, 1, height, width]; int64 [pairs, examples].</returns>
    public (Tensor Images, Tensor Labels) Pick(Tensor indices, DataSplit split)
    {
        var (pixels, labels) = Of(split);
        var (pairs, examples) = (indices.shape[0], indices.shape[1]);
        using var flat = indices.reshape(-1);
        return (
            pixels.index_select(0, flat).view(pairs, examples, 1, data.Height, data.Width),
            labels.index_select(0, flat).view(pairs, examples));
    }

    private (Tensor Pixels, Tensor Labels) Of(DataSplit split)
    {
        lock (_gate)
        {
            if (!_made.TryGetValue(split, out var tensors))
            {
                using var scope = NewDisposeScope();
                var images = data[split];
                tensors = (
                    tensor(images.Pixels.ToArray(), ScalarType.Byte).view(images.Count, images.PixelsPerImage)
                        .to_type(ScalarType.Float32).div_(255f).DetachFromDisposeScope(),
                    tensor(images.Labels.ToArray(), ScalarType.Byte).to_type(ScalarType.Int64).DetachFromDisposeScope());
                _made.Add(split, tensors);
            }

            return tensors;
        }
    }
}
