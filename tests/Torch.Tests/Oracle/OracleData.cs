using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

/// <summary>One task, one point and one batch, for our kernels and for torch.</summary>
internal sealed class OracleData
{
    public static readonly TrajectoryKey Trajectory = new(7, 3, 1);

    private readonly ImageDataset _data;

    public OracleData(int height, int width, int[] hidden, int classes, int batchSize)
    {
        _data = new ImageDataset(
            "random", classes, height, width,
            () => Random(Math.Max(80, 2 * batchSize), height, width, classes),
            () => Random(20, height, width, classes));
        Task = new ImageMlp("oracle", _data, hidden, batchSize);
    }

    public ImageMlp Task { get; }

    /// <summary>Biases too, unlike the task's initial parameters: biases of zero would hide a mistake.</summary>
    public float[] RandomParameters(double scale = 0.3)
    {
        var parameters = new float[Task.ParameterCount];
        Trajectory.Stream(RandomStream.InnerNoise).FillNormal(parameters.AsSpan(), scale);
        return parameters;
    }

    /// <summary>Units of every layer, from pixels to classes.</summary>
    public int[] Widths =>
        [_data.Height * _data.Width, .. Task.Parameters.Where(slice => slice.Shape.Count == 1).Select(b => b.Length)];

    /// <summary>The examples of a step: images [example][pixel] as the task sees them, and classes.</summary>
    public (double[][] Images, int[] Labels) Examples(int step)
    {
        var train = _data[DataSplit.Train];
        var indices = new int[Task.BatchSize];
        new BatchOrder().Fill(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder, train.Count, indices);
        var size = train.PixelsPerImage;
        var images = indices.Select(
            n => train.Pixels.Slice(n * size, size).ToArray().Select(b => (double)(b / 255f)).ToArray());
        return ([.. images], [.. indices.Select(n => (int)train.Labels[n])]);
    }

    /// <summary>The same as tensors: images [example, pixel] and classes [example].</summary>
    public (Tensor Images, Tensor Labels) Batch(int step, ScalarType type)
    {
        var (images, labels) = Examples(step);
        var pixels = tensor(images.SelectMany(image => image).ToArray()).reshape(images.Length, -1);
        return (pixels.to_type(type), tensor(labels.Select(label => (long)label).ToArray()));
    }

    private static LabelledImages Random(int count, int height, int width, int classes)
    {
        var numbers = Trajectory.Stream(RandomStream.TaskSample);
        var pixels = count * height * width;
        return new LabelledImages(
            Enumerable.Range(0, pixels).Select(i => (byte)numbers.Integer((uint)i, 256)).ToArray(),
            Enumerable.Range(pixels, count).Select(i => (byte)numbers.Integer((uint)i, classes)).ToArray(),
            height,
            width);
    }
}
