using Involute.Tasks.Components;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>Where the images of a task come from: the program, or a folder of IDX files.</summary>
/// <remarks>For options with the keys <c>data-folder</c>, <c>image-size</c> and <c>batch-size</c>.</remarks>
public static class ImageSource
{
    private static readonly ImageDataset[] Usual = [FashionMnist.Embedded8x8()];

    /// <summary>What is wrong with the options.</summary>
    /// <param name="folder">Folder of IDX files; empty for the images that come with the program.</param>
    /// <param name="size">Pixels of a side.</param>
    public static IEnumerable<OptionProblem> Check(string folder, int size) => Check(folder, size, Usual);

    /// <summary>The same where images of several sizes come with the program.</summary>
    /// <param name="folder">As above.</param>
    /// <param name="size">As above.</param>
    /// <param name="shipped">The data sets that come with the program, each of another size.</param>
    public static IEnumerable<OptionProblem> Check(string folder, int size, IReadOnlyList<ImageDataset> shipped)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(shipped);
        if (folder.Length == 0 && shipped.All(images => images.Height != size))
        {
            var sizes = string.Join(" and ", shipped.Select(images => images.Height));
            yield return new OptionProblem(
                "image-size",
                $"without task.data-folder there are only images of size {sizes}",
                $"{sizes}, or a folder of IDX files in task.data-folder");
        }
    }

    /// <summary>The files that are read.</summary>
    /// <param name="folder">As above.</param>
    public static IEnumerable<string> Files(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Length > 0 ? IdxFolder.Files(folder) : [];
    }

    /// <summary>The images.</summary>
    /// <param name="folder">As above.</param>
    /// <param name="size">Pixels of a side.</param>
    /// <param name="batchSize">Examples that each split must have.</param>
    /// <exception cref="DataFormatException">A file is missing or wrong, or a split is smaller than a batch.</exception>
    public static ImageDataset Load(string folder, int size, int batchSize) => Load(folder, size, batchSize, Usual);

    /// <summary>The same where images of several sizes come with the program.</summary>
    /// <param name="folder">As above.</param>
    /// <param name="size">As above; one of those that are shipped, if there is no folder.</param>
    /// <param name="batchSize">As above.</param>
    /// <param name="shipped">The data sets that come with the program, each of another size.</param>
    /// <exception cref="DataFormatException">A file is missing or wrong, or a split is smaller than a batch.</exception>
    public static ImageDataset Load(string folder, int size, int batchSize, IReadOnlyList<ImageDataset> shipped)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(shipped);
        var images = folder.Length == 0
            ? shipped.First(images => images.Height == size)
            : IdxFolder.Load(folder, FashionMnist.Classes, (size, size));
        var smallest = Enum.GetValues<DataSplit>().Min(split => images[split].Count);
        return batchSize <= smallest
            ? images
            : throw new DataFormatException(
                images.Name,
                $"its smallest split has {smallest} examples, and involute.task.batch-size is {batchSize}",
                $"a batch size from 1 to {smallest}");
    }
}
