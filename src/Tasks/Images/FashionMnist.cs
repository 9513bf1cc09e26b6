namespace Involute.Tasks.Images;

/// <summary>Fashion-MNIST, 70,000 images of clothes in ten classes, shipped inside this assembly at 8x8.</summary>
/// <remarks>
/// Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017;
/// MIT licence. Made by <c>scripts/make-fashion-mnist</c> with <see cref="BilinearResampling"/>.
/// </remarks>
public static class FashionMnist
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Rows and columns of the embedded images.</summary>
    public const int EmbeddedSize = 8;

    // One data set per process: it is immutable, and the tasks of all threads share its bytes.
    private static readonly ImageDataset Shared = new(
        "fashion-mnist-8",
        Classes,
        EmbeddedSize,
        EmbeddedSize,
        () => Read("train"),
        () => Read("t10k"));

    /// <summary>The embedded images: 48,000 train, twice 6,000 validation, 10,000 test; not loaded yet.</summary>
    public static ImageDataset Embedded8x8() => Shared;

    private static LabelledImages Read(string part)
    {
        var images = $"Involute.Tasks.Images.Data.fashion-mnist-8x8-{part}-images-idx3-ubyte.gz";
        var labels = $"Involute.Tasks.Images.Data.fashion-mnist-8x8-{part}-labels-idx1-ubyte.gz";
        return IdxFile.Embedded(typeof(FashionMnist).Assembly, images, labels, Classes);
    }
}
