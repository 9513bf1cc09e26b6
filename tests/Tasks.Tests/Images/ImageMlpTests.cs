using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Images;

public sealed class ImageMlpTests
{
    private const double Ln10 = 2.302585092994046;

    private static readonly TrajectoryKey Trajectory = new(1, 0, 0);

    [Fact]
    public void The_default_task_is_64_32_10_with_2410_parameters()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        Assert.Equal("fashion-mnist-8-relu32", task.Name);
        Assert.Equal(128, task.BatchSize);
        Assert.Equal(2410, task.ParameterCount);
        Assert.Equal(
            ["w0 0 64x32", "b0 2048 32", "w1 2080 32x10", "b1 2400 10"],
            task.Parameters.Select(p => $"{p.Name} {p.Offset} {string.Join('x', p.Shape)}"));
        Assert.Equal(375, task.BatchesPerEpoch(DataSplit.Train));
        Assert.Equal(46, task.BatchesPerEpoch(DataSplit.InnerValid));
        Assert.Equal(46, task.BatchesPerEpoch(DataSplit.OuterValid));
        Assert.Equal(78, task.BatchesPerEpoch(DataSplit.Test));
    }

    [Fact]
    public void Losses_are_clipped_to_one_and_a_half_times_a_uniform_guess()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        Assert.Equal(1.5 * Ln10, task.CeilingLoss, 1e-14);
        Assert.Equal(2.5, task.Normalize(2.5));
        Assert.Equal(0, task.Normalize(-1e-9));
        Assert.Equal(task.CeilingLoss, task.Normalize(3.5));
        Assert.Equal(task.CeilingLoss, task.Normalize(double.PositiveInfinity));
        Assert.Equal(task.CeilingLoss, task.Normalize(double.NaN));
    }

    [Fact]
    public void Initial_weights_are_truncated_normals_over_the_root_of_the_inputs_and_biases_are_zero()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        var parameters = new float[task.ParameterCount];
        Array.Fill(parameters, float.NaN);
        task.Initialise(Trajectory, parameters);
        foreach (var weights in task.Parameters.Where(p => p.Shape.Count == 2))
        {
            var root = Math.Sqrt(weights.Shape[0]);
            var values = parameters.Skip(weights.Offset).Take(weights.Length).Select(w => w * root).ToArray();
            Assert.InRange(values.Max(Math.Abs), 1.9, 2);

            // Five standard errors of mean and variance.
            var rootCount = Math.Sqrt(values.Length);
            Assert.InRange(values.Average(), -5 * 0.8796 / rootCount, 5 * 0.8796 / rootCount);
            var variance = values.Average(v => v * v);
            Assert.InRange(variance, 0.7737 - (5 * 0.87 / rootCount), 0.7737 + (5 * 0.87 / rootCount));
        }

        Assert.All(parameters[2048..2080].Concat(parameters[2400..]), b => Assert.Equal(0, b));
        var again = new float[task.ParameterCount];
        task.Initialise(Trajectory, again);
        Assert.Equal(parameters, again);
        task.Initialise(Trajectory with { Pair = 1 }, again);
        Assert.NotEqual(parameters, again);
    }

    [Fact]
    public void A_few_hundred_steps_of_plain_gradient_descent_learn_real_images()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        var parameters = new float[task.ParameterCount];
        var gradient = new float[task.ParameterCount];
        task.Initialise(Trajectory, parameters);
        using var batch = task.CreateBatch();
        var (before, accuracyBefore) = Evaluate(parameters, batch);
        Assert.InRange(before, Ln10 - 0.25, Ln10 + 0.25);
        Assert.InRange(accuracyBefore, 0, 0.35);
        for (var step = 0; step < 300; step++)
        {
            batch.Prepare(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder);
            batch.LossAndGradient(parameters, gradient);
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= 0.1f * gradient[i];
            }
        }

        // The reference's curve for the same descent: 0.86 after 300 steps.
        var (after, accuracy) = Evaluate(parameters, batch);
        Assert.InRange(after, 0.7, 1.0);
        Assert.InRange(accuracy, 0.6, 0.8);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        var parameters = new float[task.ParameterCount];
        var gradient = new float[task.ParameterCount];
        using var batch = task.CreateBatch();
        var step = 0;
        Assert.Equal(0, Allocation.OfEachCall(() =>
        {
            for (var end = step + 20; step < end; step++)
            {
                batch.Prepare(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder);
                batch.LossAndGradient(parameters, gradient);
            }
        }));
    }

    [Fact]
    public void A_data_set_smaller_than_a_batch_is_refused_in_one_line()
    {
        var data = SyntheticImages.Dataset(100, 2, 2, 3);
        var tooLarge = Assert.Throws<ArgumentException>(() => new ImageMlp("t", data, [4], 81));
        Assert.Equal("split Train has 80 examples; a batch takes 81", tooLarge.Message);
        var task = new ImageMlp("t", data, [4], 80);
        using var batch = task.CreateBatch();
        Assert.Throws<ArgumentException>(() => task.BatchesPerEpoch(DataSplit.InnerValid));
        Assert.Throws<ArgumentException>(
            () => batch.Prepare(Trajectory.At(0), DataSplit.OuterValid, RandomStream.DataOrder));
    }

    [Fact]
    public void An_unprepared_batch_and_empty_layers_are_refused()
    {
        var data = SyntheticImages.Dataset(100, 2, 2, 3);
        var task = new ImageMlp("t", data, [4], 8);
        using var unprepared = task.CreateBatch();
        var parameters = new float[task.ParameterCount];
        Assert.Throws<InvalidOperationException>(() => unprepared.Loss(parameters));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageMlp("t", data, [4], 0));
        Assert.Throws<ArgumentException>(() => new ImageMlp("t", data, [0], 8));
    }

    private static (double Loss, double Accuracy) Evaluate(float[] parameters, IClassificationBatch batch)
    {
        const int Batches = 46;
        var (loss, accuracy) = (0.0, 0.0);
        for (var i = 0; i < Batches; i++)
        {
            batch.Prepare(Trajectory.At(i), DataSplit.OuterValid, RandomStream.EvaluationDataOrder);
            loss += batch.Loss(parameters) / Batches;
            accuracy += batch.Accuracy(parameters) / Batches;
        }

        return (loss, accuracy);
    }
}
