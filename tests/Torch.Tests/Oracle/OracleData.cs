using Involute.Tasks.Images;
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
            () => Random(Math.Max(80, 2 * batchSize), height, width, classes), () => Random(20, height, width, classes));
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

    /// <summary>The examples of a step: images [example, pixel] as the task sees them, and classes [example].</summary>
    public (Tensor Images, Tensor Labels) Batch(int step, ScalarType type)
    {
        var train = _data[DataSplit.Train];
        var indices = new int[Task.BatchSize];
        new BatchOrder().Fill(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder, train.Count, indices);
        var size = train.PixelsPerImage;
        var pixels = new float[indices.Length * size];
        var labels = new long[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            labels[i] = train.Labels[indices[i]];
            for (var k = 0; k < size; k++)
            {
                pixels[(i * size) + k] = train.Pixels[(indices[i] * size) + k] / 255f;
            }
        }

        return (tensor(pixels).reshape(indices.Length, size).to_type(type), tensor(labels));
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
