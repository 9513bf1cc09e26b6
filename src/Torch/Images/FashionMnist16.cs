using Involute.Tasks.Images;

namespace Involute.Torch.Images;

/// <summary>Fashion-MNIST at 16×16: 14,000 images of clothes in ten classes, shipped inside this assembly.</summary>
/// <remarks>
/// The first 12,000 training and 2,000 test images of Xiao, Rasul, Vollgraf, arXiv 1708.07747; MIT licence. Made by
/// <c>scripts/make-fashion-mnist</c> with <see cref="BilinearResampling"/>.
/// </remarks>
public static class FashionMnist16
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 16;

    // One data set per process, as for the smaller images.
    private static readonly ImageDataset Shared = new(
        "fashion-mnist-16", FashionMnist.Classes, Size, Size, () => Read("train"), () => Read("t10k"));

    /// <summary>The images: 9,600 train, twice 1,200 validation, 2,000 test; not loaded yet.</summary>
    public static ImageDataset Embedded() => Shared;

    private static LabelledImages Read(string part)
    {
        const string Folder = "Involute.Torch.Images.Data.fashion-mnist-16x16";
        var (images, labels) = ($"{Folder}-{part}-images-idx3-ubyte.gz", $"{Folder}-{part}-labels-idx1-ubyte.gz");
        return IdxFile.Embedded(typeof(FashionMnist16).Assembly, images, labels, FashionMnist.Classes);
    }
}
