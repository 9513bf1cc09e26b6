using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Tests.Images;

/// <summary>Data sets of random pixels and labels, of any size.</summary>
internal static class SyntheticImages
{
    public static LabelledImages Images(int count, int height, int width, int classes, int pair = 0)
    {
        var numbers = new TrajectoryKey(99, pair, 0).Stream(RandomStream.TaskSample);
        var pixels = new byte[count * height * width];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)numbers.Integer((uint)i, 256);
        }

        var labels = Enumerable.Range(0, count).Select(i => (byte)numbers.Integer((uint)(pixels.Length + i), classes));
        return new LabelledImages(pixels, labels.ToArray(), height, width);
    }

    public static ImageDataset Dataset(int count, int height, int width, int classes) => new(
        "synthetic", classes, height, width,
        () => Images(count, height, width, classes), () => Images(count, height, width, classes, 1));

    /// <summary>The examples that a task's batch is made of, as the naive implementation wants them.</summary>
    public static (double[][] Images, int[] Labels) Examples(ImageDataset data, StepKey key, int batchSize)
    {
        var train = data[DataSplit.Train];
        var indices = new int[batchSize];
        new BatchOrder().Fill(key, DataSplit.Train, RandomStream.DataOrder, train.Count, indices);
        var size = train.PixelsPerImage;
        var images = indices.Select(
            n => train.Pixels.Slice(n * size, size).ToArray().Select(b => (double)(b / 255f)).ToArray());
        return ([.. images], [.. indices.Select(n => (int)train.Labels[n])]);
    }
}
