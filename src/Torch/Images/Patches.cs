using Involute.Tasks.Images;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>An image as a sequence of square patches.</summary>
internal sealed class Patches
{
    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Patches of a size.</summary>
    /// <param name="data">The images.</param>
    /// <param name="size">Pixels of a side of a patch; divides height and width.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public Patches(ImageDataset data, int size)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (data.Height % size != 0 || data.Width % size != 0)
        {
            throw new ArgumentException($"patches of {size} pixels do not divide images of {data.Height}×{data.Width}");
        }

        Size = size;
        (_rows, _columns) = (data.Height / size, data.Width / size);
    }

    /// <summary>Pixels of a side.</summary>
    public int Size { get; }

    /// <summary>Patches of an image.</summary>
    public int Count => _rows * _columns;

    /// <summary>Pixels of a patch.</summary>
    public int Pixels => Size * Size;

    /// <summary>Cuts images.</summary>
    /// <param name="images">[lanes, batch, 1, height, width]</param>
    /// <returns>[lanes, batch, patches, pixels]</returns>
    public Tensor Of(Tensor images) => images
        .reshape(images.shape[0], images.shape[1], _rows, Size, _columns, Size)
        .permute(0, 1, 2, 4, 3, 5)
        .reshape(images.shape[0], images.shape[1], Count, Pixels);
}
