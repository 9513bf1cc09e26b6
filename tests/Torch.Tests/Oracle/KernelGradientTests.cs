using System.Runtime.Intrinsics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Oracle;

public sealed class KernelGradientTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int, int, int[], int, int> Shapes()
    {
        var all = new TheoryData<int, int, int[], int, int>();
        foreach (var batch in new[] { 1, 7, 128 })
        {
            all.Add(8, 8, [], 10, batch);
            all.Add(8, 8, [32], 10, batch);
            all.Add(5, 3, [7], 3, batch);
            all.Add(4, 5, [13, 6], 2, batch);
            all.Add(7, 7, [20, 17, 9], 11, batch);
            all.Add(6, 6, [40, 16, 33], 26, batch);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Kernels_agree_with_autograd_in_both_precisions(
        int height, int width, int[] hidden, int classes, int batchSize)
    {
        TorchRequired.OrSkip();
        var data = new OracleData(height, width, hidden, classes, batchSize);
        var parameters = data.RandomParameters();
        var gradient = new float[parameters.Length];
        using var batch = data.Task.CreateBatch();
        batch.Prepare(OracleData.Trajectory.At(2), DataSplit.Train, RandomStream.DataOrder);
        var loss = batch.LossAndGradient(parameters, gradient);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            Compare(data, parameters, loss, gradient, type);
        }
    }

    // The child process of VectorWidthTests sets this, so that it can not pass without the narrow code path.
    [Fact]
    public void The_vector_width_is_the_one_that_was_asked_for()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0")
        {
            Assert.False(Vector512.IsHardwareAccelerated);
        }
    }

    private static void Compare(OracleData data, float[] parameters, double loss, float[] gradient, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = data.Batch(2, type);
        var leaves = TorchPerceptron.Leaves(data.Task.Parameters, parameters, type);
        var expected = TorchPerceptron.Loss(leaves, images, labels);
        expected.backward();
        var expectedLoss = expected.to_type(ScalarType.Float64).item<double>();
        Assert.Equal(expectedLoss, loss, Tolerance * Math.Max(1, expectedLoss));
        foreach (var (slice, leaf) in data.Task.Parameters.Zip(leaves))
        {
            var theirs = leaf.grad!.to_type(ScalarType.Float64).flatten().data<double>().ToArray();
            var ours = gradient[slice.Offset..(slice.Offset + slice.Length)].Select(value => (double)value);
            var difference = Norm(ours.Zip(theirs, (a, b) => a - b));
            Assert.True(
                difference <= Tolerance * Norm(theirs),
                $"{slice.Name} in {type}: {difference:g3} of {Norm(theirs):g3}");
        }
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
