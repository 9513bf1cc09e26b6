using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Images;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Tasks;

public sealed class ConvTests
{
    private const int Examples = 3;

    private static readonly int[] Channels = [3, 4];

    [Fact]
    public void Loss_and_gradient_are_those_of_loops_in_double()
    {
        TorchRequired.OrSkip();
        var data = FashionMnist.Embedded8x8();
        var task = new Conv(data, Channels, Examples);
        var key = new TrajectoryKey(3, 0, 0);
        var parameters = new float[task.Parameters[^1].Offset + task.Parameters[^1].Length];
        task.Initialise(key, parameters);
        for (var i = 0; i < parameters.Length; i++)
        {
            // Biases other than 0.
            parameters[i] += 0.05f * (float)key.Stream(RandomStream.InnerNoise).Normal((uint)i);
        }

        using var batch = task.CreateBatch();
        batch.Prepare(key.At(5), DataSplit.Train, RandomStream.DataOrder);
        var gradient = new float[parameters.Length];
        var loss = batch.LossAndGradient(parameters, gradient);

        var indices = new int[Examples];
        new BatchOrder().Fill(key.At(5), DataSplit.Train, RandomStream.DataOrder, data[DataSplit.Train].Count, indices);
        var images = indices.Select(i => Pixels(data[DataSplit.Train], i)).ToList();
        var labels = indices.Select(i => (int)data[DataSplit.Train].Labels[i]).ToList();
        var naive = new NaiveConv(Channels, 8, data.Classes);
        var exact = Array.ConvertAll(parameters, value => (double)value);
        Assert.Equal(naive.Loss(exact, images, labels), loss, 1e-6);

        const double Step = 1e-6;
        double apart = 0, norm = 0;
        for (var i = 0; i < exact.Length; i++)
        {
            var kept = exact[i];
            exact[i] = kept + Step;
            var up = naive.Loss(exact, images, labels);
            exact[i] = kept - Step;
            var slope = (up - naive.Loss(exact, images, labels)) / (2 * Step);
            exact[i] = kept;
            apart += (slope - gradient[i]) * (slope - gradient[i]);
            norm += slope * slope;
        }

        Assert.InRange(Math.Sqrt(apart / norm), 0, 1e-5);
    }

    [Fact]
    public void Its_shapes_are_those_of_the_reference_system()
    {
        var task = new Conv(FashionMnist.Embedded8x8(), [32, 64, 64], 128);
        Assert.Equal(
            ["w0 32,1,3,3", "b0 32", "w1 64,32,3,3", "b1 64", "w2 64,64,3,3", "b2 64", "w3 64,10", "b3 10"],
            task.Parameters.Select(slice => $"{slice.Name} {string.Join(',', slice.Shape)}"));
        Assert.Equal(56_394, task.Parameters.Sum(slice => slice.Length));
        Assert.Equal(1.5 * PortableMath.Log(10), task.CeilingLoss, 1e-12);
        Assert.Equal(task.CeilingLoss, task.Normalize(double.NaN));
    }

    [Fact]
    public void Accuracy_is_the_share_of_examples_whose_largest_logit_is_the_labels()
    {
        TorchRequired.OrSkip();
        var task = new Conv(FashionMnist.Embedded8x8(), Channels, 50);
        using var batch = ((IClassificationTask)task).CreateBatch();
        batch.Prepare(new TrajectoryKey(0, 0, 0).At(0), DataSplit.Test, RandomStream.EvaluationDataOrder);

        // Only the last bias decides: every example is taken for a 7.
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        parameters[^3] = 1;
        var indices = new int[50];
        var test = FashionMnist.Embedded8x8()[DataSplit.Test];
        new BatchOrder().Fill(
            new TrajectoryKey(0, 0, 0).At(0), DataSplit.Test, RandomStream.EvaluationDataOrder, test.Count, indices);
        Assert.Equal(indices.Count(i => test.Labels[i] == 7) / 50.0, batch.Accuracy(parameters));
        parameters[^1] = float.NaN;
        Assert.Equal(0, batch.Accuracy(parameters));
    }

    private static double[] Pixels(LabelledImages images, int index) =>
        [.. images.Pixels.Slice(index * images.PixelsPerImage, images.PixelsPerImage).ToArray().Select(value => value / 255.0)];
}
