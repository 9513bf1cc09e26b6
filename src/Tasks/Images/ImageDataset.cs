using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Images;

/// <summary>A classification data set in the four splits of meta-training.</summary>
/// <remarks>
/// The training file divides in file order: the first 80 % train, the next 10 % validate the inner problem, the last
/// 10 % the meta-loss; its test file is the fourth split. Contents are loaded on first use, once, by whichever thread
/// comes first.
/// </remarks>
public sealed class ImageDataset
{
    private readonly Lazy<TrainingFile> _training;
    private readonly Lazy<LabelledImages> _test;

    /// <summary>Describes a data set that is loaded later.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="classes">Number of classes, 2 to 256; labels are below it.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="training">Reads the training file.</param>
    /// <param name="test">Reads the test file.</param>
    public ImageDataset(
        string name, int classes, int height, int width, Func<LabelledImages> training, Func<LabelledImages> test)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        Name = name;
        Classes = classes;
        Height = height;
        Width = width;
        _training = new(() => Divide(Checked(training())));
        _test = new(() => Checked(test()));
    }

    /// <summary>Short name.</summary>
    public string Name { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The examples of a split; loads the file behind it on first use.</summary>
    public LabelledImages this[DataSplit split]
    {
        get
        {
            if (split == DataSplit.Test)
            {
                return _test.Value;
            }

            return split switch
            {
                DataSplit.Train => _training.Value.Train,
                DataSplit.InnerValid => _training.Value.InnerValid,
                DataSplit.OuterValid => _training.Value.OuterValid,
                _ => throw new ArgumentOutOfRangeException(nameof(split), split, "no such split"),
            };
        }
    }

    private static TrainingFile Divide(LabelledImages all)
    {
        var trainEnd = (int)(all.Count * 8L / 10);
        var innerEnd = (int)(all.Count * 9L / 10);
        return new TrainingFile(
            all.Slice(0, trainEnd),
            all.Slice(trainEnd, innerEnd - trainEnd),
            all.Slice(innerEnd, all.Count - innerEnd));
    }

    private LabelledImages Checked(LabelledImages images)
    {
        if (images.Height != Height || images.Width != Width)
        {
            throw new ArgumentException(
                $"{Name} has images of {images.Height}x{images.Width} where {Height}x{Width} was announced");
        }

        // A label beyond the classes would silently train as "none of them".
        var highest = images.Count == 0 ? 0 : images.Labels.ToArray().Max();
        return highest < Classes
            ? images
            : throw new ArgumentException($"{Name} has a label {highest}; its {Classes} classes end at {Classes - 1}");
    }

    private sealed record TrainingFile(LabelledImages Train, LabelledImages InnerValid, LabelledImages OuterValid);
}
