using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of torch tasks on images.</summary>
public abstract record TorchImageOptions : TorchTaskOptions
{
    private static readonly ImageDataset[] Shipped = [FashionMnist.Embedded8x8(), FashionMnist16.Embedded()];

    /// <summary>Folder of IDX files; empty for the Fashion-MNIST that comes with the program.</summary>
    [Option(
        "Folder of IDX files (train-images-idx3-ubyte and so on, also .gz). Empty: the Fashion-MNIST that comes with the "
        + "program, 70,000 images at 8×8 or 14,000 of them at 16×16. A relative path starts at the current folder.",
        IsPath = true)]
    public string DataFolder { get; init; } = "";

    /// <summary>Pixels of a side after resizing, 1 to 256.</summary>
    [Option(
        "Pixels of a side; images are resized to it. Only 8 and 16 without a data-folder.", Unit = "pixels", Least = 1,
        Most = 256)]
    public int ImageSize { get; init; } = FashionMnist.EmbeddedSize;

    /// <summary>Examples of an inner step, 1 to 60,000.</summary>
    [Option(
        "Examples of an inner step; at most those of the smallest split.", Unit = "examples", Least = 1, Most = 60_000)]
    public int BatchSize { get; init; } = 128;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() =>
        [.. base.Check(), .. ImageSource.Check(DataFolder, ImageSize, Shipped)];

    /// <inheritdoc/>
    public override IEnumerable<string> DataFiles() => ImageSource.Files(DataFolder);

    /// <summary>The images.</summary>
    /// <exception cref="DataFormatException">A file is missing or wrong, or a split is smaller than a
    /// batch.</exception>
    protected ImageDataset Images() => ImageSource.Load(DataFolder, ImageSize, BatchSize, Shipped);
}
