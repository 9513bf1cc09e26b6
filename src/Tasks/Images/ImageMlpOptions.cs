using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;

namespace Involute.Tasks.Images;

/// <summary>Options of the default task, which has none: <see cref="ImageMlp.FashionMnist8Relu32"/>.</summary>
[Component(
    "fashion-mnist-8-relu32", "Fashion-MNIST at 8×8, one hidden layer of 32, batches of 128; needs no files",
    Source = "Xiao, Rasul, Vollgraf, Fashion-MNIST, arXiv 1708.07747", Theirs = ["ImageMLP_FashionMnist8_Relu32"])]
public sealed record FashionMnist8Relu32Options : InnerTaskOptions
{
    /// <inheritdoc/>
    public override IInnerTask Create() => ImageMlp.FashionMnist8Relu32();
}

/// <summary>Options of <see cref="ImageMlp"/>.</summary>
[Component("image-mlp", "a perceptron of your sizes on images: those that come with the program, or yours")]
public sealed record ImageMlpOptions : InnerTaskOptions
{
    /// <summary>Folder of IDX files; empty for the 8×8 Fashion-MNIST that comes with the program.</summary>
    [Option(
        "Folder of IDX files (train-images-idx3-ubyte and so on, also .gz). Empty: the 8×8 Fashion-MNIST that comes "
        + "with the program. A relative path starts at the current folder.",
        IsPath = true)]
    public string DataFolder { get; init; } = "";

    /// <summary>Pixels of a side after resizing, 1 to 256.</summary>
    [Option(
        "Pixels of a side; images are resized to it. Only 8 without a data-folder.", Unit = "pixels", Least = 1,
        Most = 256)]
    public int ImageSize { get; init; } = FashionMnist.EmbeddedSize;

    /// <summary>Widths of the hidden layers, at most 16; none is softmax regression.</summary>
    [Option(
        "Widths of the hidden layers. [] is softmax regression.", MostItems = 16, Least = 1, Most = 65_536,
        Theirs = ["hidden_sizes"])]
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>Examples of an inner step, 1 to 60,000.</summary>
    [Option(
        "Examples of an inner step; at most those of the smallest split.", Unit = "examples", Least = 1, Most = 60_000)]
    public int BatchSize { get; init; } = 128;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() => ImageSource.Check(DataFolder, ImageSize);

    /// <inheritdoc/>
    public override IEnumerable<string> DataFiles() => ImageSource.Files(DataFolder);

    /// <inheritdoc/>
    public override IInnerTask Create() =>
        new ImageMlp(Name, ImageSource.Load(DataFolder, ImageSize, BatchSize), Hidden, BatchSize);

    /// <summary>Equal widths make equal options; a record would compare the lists themselves.</summary>
    public bool Equals(ImageMlpOptions? other) =>
        other is not null
        && (DataFolder, ImageSize, BatchSize) == (other.DataFolder, other.ImageSize, other.BatchSize)
        && Hidden.SequenceEqual(other.Hidden);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DataFolder, ImageSize, BatchSize, Hidden.Count);
}
