using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Loss and gradient of each built-in task against loops in double, written from the papers.</summary>
public sealed class NaiveModelTests
{
    private const double LossTolerance = 1e-6;
    private const double GradientTolerance = 1e-5;

    // Of one tensor's gradient, or of a hundredth of the whole one: some are 0, as of biases that a normalisation takes
    // away.
    private const double TensorTolerance = 2e-5;
    private const double SmallShare = 0.01;

    // 'conv' has its own (ConvTests); 'torch-mlp' is a test's task (LaneGradientTests, TorchUnrollTests).
    public static TheoryData<string> Names() => [.. TorchTasks.Names.Except(["conv", "torch-mlp"])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_loops_in_double(string name)
    {
        TorchRequired.OrSkip();
        var task = TorchTasks.Of(name);
        var key = new TrajectoryKey(3, 0, 0);
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        task.Initialise(key, parameters);
        var stream = key.Stream(RandomStream.ThetaInitialisation);
        for (var i = 0; i < parameters.Length; i++)
        {
            // Gains other than 1, shifts and biases other than 0.
            parameters[i] += 0.1f * (float)stream.Normal((uint)i);
        }

        using var batch = task.CreateBatch();
        batch.Prepare(key.At(5), DataSplit.Train, RandomStream.DataOrder);
        var gradient = new float[parameters.Length];
        var loss = batch.LossAndGradient(parameters, gradient);

        var exact = Array.ConvertAll(parameters, value => (double)value);
        var tensors = new NamedTensors(task.Parameters, exact);
        var model = NaiveModels.Of(name, key.At(5));
        var expected = model.Loss(tensors);
        Assert.InRange(Math.Abs(loss - expected) / expected, 0, LossTolerance);

        var slopes = Slopes(model, tensors, exact);
        var all = Norm(slopes);
        var apart = slopes.Zip(gradient, (slope, value) => slope - value).ToArray();
        Assert.InRange(Norm(apart) / all, 0, GradientTolerance);
        Assert.All(task.Parameters, slice =>
        {
            var part = slice.Offset..(slice.Offset + slice.Length);
            Assert.InRange(Norm(apart[part]) / Math.Max(Norm(slopes[part]), SmallShare * all), 0, TensorTolerance);
        });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(-1, -0.8427007929497149)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(3.5, 0.9999992569016276)]
    [InlineData(-7, -1)]
    public void The_error_function_has_its_tabulated_values(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.Of(x), 1e-15);

    // Central differences along each coordinate.
    private static double[] Slopes(NaiveModel model, NamedTensors tensors, double[] values)
    {
        const double Step = 1e-6;
        var slopes = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var kept = values[i];
            values[i] = kept + Step;
            var up = model.Loss(tensors);
            values[i] = kept - Step;
            slopes[i] = (up - model.Loss(tensors)) / (2 * Step);
            values[i] = kept;
        }

        return slopes;
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
