namespace Involute.Hosting.Configuration;

/// <summary>A multi-layer perceptron on images.</summary>
/// <param name="DataFolder">Folder of IDX files; empty for the 8×8 Fashion-MNIST that comes with the program.</param>
/// <param name="ImageSize">Pixels of a side after resizing.</param>
/// <param name="Hidden">Widths of the hidden layers; none is softmax regression.</param>
/// <param name="BatchSize">Examples of an inner step.</param>
public sealed record ImageMlpSettings(
    string DataFolder, int ImageSize, IReadOnlyList<int> Hidden, int BatchSize) : TaskSettings
{
    /// <summary>Size of the images that come with the program.</summary>
    public const int ShippedImageSize = 8;

    /// <inheritdoc/>
    public override string Name => KnownNames.ImageMlp;

    internal override IEnumerable<Setting> Options =>
    [
        new("data-folder", HoconText.Quoted(DataFolder)),
        new("image-size", HoconText.Of(ImageSize)),
        new("hidden", HoconText.Of(Hidden)),
        new("batch-size", HoconText.Of(BatchSize)),
    ];

    /// <summary>Equal widths make equal settings; a record would compare the lists themselves.</summary>
    public bool Equals(ImageMlpSettings? other) =>
        other is not null
        && (DataFolder, ImageSize, BatchSize) == (other.DataFolder, other.ImageSize, other.BatchSize)
        && Hidden.SequenceEqual(other.Hidden);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DataFolder, ImageSize, BatchSize, Hidden.Count);

    internal static ImageMlpSettings ReadOptions(BlockReader block) => new(
        block.Text("data-folder"),
        block.Integer("image-size", 1, 256),
        block.Integers("hidden", most: 16, greatest: 65_536),
        block.Integer("batch-size", 1, 60_000));
}
