using Involute.Tasks.Images;
using Involute.Tasks.Unrolls;
using TorchSharp;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>The images of a data set as tensors, made when first asked for.</summary>
/// <param name="data">The data set.</param>
internal sealed class TorchImages(ImageDataset data)
{
    // Lives as long as the process: a number that TorchSharp wraps for a call may be freed before native code reads it.
    private static readonly Lazy<Scalar> White = new(() => (Scalar)255f);

    private readonly Lock _gate = new();
    private readonly Dictionary<(DataSplit, string), (Tensor Pixels, Tensor Labels)> _made = [];

    /// <summary>Picks images.</summary>
    /// <param name="indices">int32 [pairs, examples]; the images are on its device.</param>
    /// <param name="split">Part of the data.</param>
    /// <returns>float32 in [0, 1] [pairs, examples, 1, height, width]; int64 [pairs, examples].</returns>
    public (Tensor Images, Tensor Labels) Pick(Tensor indices, DataSplit split)
    {
        var (pixels, labels) = Of(split, indices.device);
        var (pairs, examples) = (indices.shape[0], indices.shape[1]);
        using var flat = indices.reshape(-1);
        return (
            pixels.index_select(0, flat).view(pairs, examples, 1, data.Height, data.Width),
            labels.index_select(0, flat).view(pairs, examples));
    }

    private (Tensor Pixels, Tensor Labels) Of(DataSplit split, Device device)
    {
        var key = (split, device.ToString());
        lock (_gate)
        {
            if (!_made.TryGetValue(key, out var tensors))
            {
                using var scope = NewDisposeScope();
                var images = data[split];
                tensors = (
                    tensor(images.Pixels.ToArray(), ScalarType.Byte).view(images.Count, images.PixelsPerImage)
                        .to_type(ScalarType.Float32).div_(White.Value).to(device).DetachFromDisposeScope(),
                    tensor(images.Labels.ToArray(), ScalarType.Byte).to_type(ScalarType.Int64).to(device)
                        .DetachFromDisposeScope());
                _made.Add(key, tensors);
            }

            return tensors;
        }
    }
}
