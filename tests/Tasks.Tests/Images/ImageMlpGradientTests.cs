using Involute.Tasks.Images;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

public sealed class ImageMlpGradientTests
{
    private static readonly TrajectoryKey Trajectory = new(31, 2, 4);

    public static TheoryData<int, int, int[], int, int> Shapes() => new()
    {
        { 8, 8, [32], 10, 128 },
        { 8, 8, [], 10, 128 },
        { 5, 3, [], 2, 1 },
        { 5, 3, [7], 3, 7 },
        { 3, 3, [1], 11, 16 },
        { 4, 5, [6, 13], 10, 33 },
        { 7, 7, [20, 10, 9], 10, 128 },
        { 1, 1, [3, 2, 5], 17, 7 },
        { 6, 6, [40, 17], 26, 1 },
        { 4, 5, [6, 300], 10, 9 },
        { 3, 3, [260, 300], 3, 5 },
        { 4, 5, [6], 9, 200 },

        // Images of several blocks of columns, the last one narrow or whole.
        { 13, 9, [33], 10, 17 },
        { 16, 14, [32, 49], 10, 30 },
        { 11, 11, [], 10, 9 },
        { 12, 19, [150, 5], 3, 140 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_and_gradient_agree_with_the_textbook_in_double(
        int height, int width, int[] hidden, int classes, int batchSize)
    {
        var data = SyntheticImages.Dataset(300, height, width, classes);
        var task = new ImageMlp("t", data, hidden, batchSize);
        var parameters = Parameters(task);
        var gradient = new float[task.ParameterCount];
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(3), DataSplit.Train, RandomStream.DataOrder);
        var loss = batch.LossAndGradient(parameters, gradient);

        var (images, labels) = SyntheticImages.Examples(data, Trajectory.At(3), batchSize);
        int[] widths = [height * width, .. hidden, classes];
        var doubles = parameters.Select(p => (double)p).ToArray();
        var expected = new double[parameters.Length];
        var expectedLoss = NaivePerceptron.LossAndGradient(widths, doubles, images, labels, expected);
        Assert.Equal(expectedLoss, loss, 1e-5 * Math.Max(1, expectedLoss));
        Assert.Equal(loss, batch.Loss(parameters));
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], gradient[i], 1e-5 * scale);
        }

        // The textbook implementation agrees with central differences of its loss.
        const double Step = 1e-6;
        for (var i = 0; i < doubles.Length; i += 1 + (doubles.Length / 50))
        {
            var value = doubles[i];
            doubles[i] = value + Step;
            var above = NaivePerceptron.LossAndGradient(widths, doubles, images, labels, null);
            doubles[i] = value - Step;
            var below = NaivePerceptron.LossAndGradient(widths, doubles, images, labels, null);
            doubles[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 2e-5 * Math.Max(scale, 1));
        }
    }

    [Fact]
    public void What_lies_behind_the_gradient_is_left_alone_and_a_second_run_gives_the_same_bits()
    {
        var task = new ImageMlp("t", SyntheticImages.Dataset(60, 5, 5, 10), [9], 20);
        var parameters = Parameters(task).Append(float.NaN).ToArray();
        var first = new float[task.ParameterCount + 3];
        var second = new float[task.ParameterCount];
        first.AsSpan(task.ParameterCount).Fill(7);
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(0), DataSplit.Train, RandomStream.DataOrder);
        var loss = batch.LossAndGradient(parameters, first);
        Assert.Equal(loss, batch.LossAndGradient(parameters, second));
        Assert.Equal(second, first[..^3]);
        Assert.Equal([7, 7, 7], first[^3..]);
    }

    // Weights that are read where they are, and packed ones: in whole strips, in a panel, and in a part of one.
    [Theory]
    [InlineData()]
    [InlineData(5)]
    [InlineData(16, 51)]
    public void Every_parameter_that_is_not_finite_gives_a_loss_that_is_not_finite(params int[] hidden)
    {
        var task = new ImageMlp("t", SyntheticImages.Dataset(60, 3, 3, 4), hidden, 20);
        var parameters = Parameters(task);
        var gradient = new float[task.ParameterCount];
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(0), DataSplit.Train, RandomStream.DataOrder);
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                var kept = parameters[i];
                parameters[i] = bad;
                Assert.False(double.IsFinite(batch.LossAndGradient(parameters, gradient)));
                Assert.False(double.IsFinite(batch.Loss(parameters)));
                Assert.Equal(0, batch.Accuracy(parameters));
                parameters[i] = kept;
            }
        }

        parameters.AsSpan().Fill(float.MaxValue);
        Assert.False(double.IsFinite(batch.Loss(parameters)));
    }

    // Biases too, unlike the initial parameters, whose zero biases would hide swapped ones.
    private static float[] Parameters(ImageMlp task)
    {
        var parameters = new float[task.ParameterCount];
        Trajectory.Stream(RandomStream.InnerNoise).FillNormal(parameters.AsSpan(), 0.4);
        return parameters;
    }
}
