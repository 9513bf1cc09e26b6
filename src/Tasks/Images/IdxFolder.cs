namespace Involute.Tasks.Images;

/// <summary>A folder with the four IDX files of a data set, under the names that MNIST gave them.</summary>
public static class IdxFolder
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Reads and checks all four files, and resizes the images if a size is given.</summary>
    /// <param name="folder">The folder. Each file may be plain or end in <c>.gz</c>; the plain one wins.</param>
    /// <param name="classes">Number of classes, 2 to 256.</param>
    /// <param name="size">Height and width to resize to; null keeps the size of the files.</param>
    /// <exception cref="DataFormatException">A file is missing, or not what it should be.</exception>
    public static ImageDataset Load(string folder, int classes = 10, (int Height, int Width)? size = null)
    {
        var training = IdxFile.Read(Find(folder, TrainImages), Find(folder, TrainLabels), classes);
        var testImages = Find(folder, TestImages);
        var test = IdxFile.Read(testImages, Find(folder, TestLabels), classes);
        if ((test.Height, test.Width) != (training.Height, training.Width))
        {
            throw new DataFormatException(
                testImages,
                $"images of {test.Height}x{test.Width}",
                $"{training.Height}x{training.Width} as in the training file");
        }

        var (height, width) = size ?? (training.Height, training.Width);
        var resizedTraining = training.Resized(height, width);
        var resizedTest = test.Resized(height, width);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new ImageDataset(name, classes, height, width, () => resizedTraining, () => resizedTest);
    }

    /// <summary>The paths of the four files: images and labels for training, then for the test.</summary>
    /// <exception cref="DataFormatException">A file is missing.</exception>
    public static IReadOnlyList<string> Files(string folder) =>
        [.. new[] { TrainImages, TrainLabels, TestImages, TestLabels }.Select(name => Find(folder, name))];

    private static string Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw new DataFormatException(
                path,
                Directory.Exists(folder) ? "no such file" : "no such folder",
                $"a folder with {TrainImages}, {TrainLabels}, {TestImages}, {TestLabels}, each plain or with .gz");
    }
}
