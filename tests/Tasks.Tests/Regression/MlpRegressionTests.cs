using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Regression;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Regression;

public sealed class MlpRegressionTests
{
    private static readonly TrajectoryKey Trajectory = new(11, 4, 2);

    public static TheoryData<int, int, int[], int, RegressionLoss> Shapes() => new()
    {
        { 3, 1, [32], 20, RegressionLoss.Squared },
        { 3, 1, [32], 20, RegressionLoss.Absolute },
        { 1, 1, [], 1, RegressionLoss.Squared },
        { 2, 3, [], 7, RegressionLoss.Absolute },
        { 9, 2, [5, 17, 8], 13, RegressionLoss.Squared },
        { 9, 2, [5, 17, 8], 13, RegressionLoss.Absolute },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_and_gradient_agree_with_central_differences_of_a_naive_perceptron(
        int features, int targets, int[] hidden, int batchSize, RegressionLoss loss)
    {
        var data = Random(300, features, targets);
        var task = new MlpRegression("t", data, hidden, batchSize, loss);
        var parameters = Parameters(task);
        var gradient = new float[parameters.Length];
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(3), DataSplit.Train, RandomStream.DataOrder);
        var actual = batch.LossAndGradient(parameters, gradient);

        int[] widths = [features, .. hidden, targets];
        var rows = new int[batchSize];
        new BatchOrder().Fill(
            Trajectory.At(3), DataSplit.Train, RandomStream.DataOrder, data.Count(DataSplit.Train), rows);
        var doubles = Array.ConvertAll(parameters, value => (double)value);
        Assert.Equal(Naive(data, rows, widths, doubles, loss), actual, 1e-5 * Math.Max(1, actual));
        const double Step = 1e-6;
        for (var i = 0; i < doubles.Length; i++)
        {
            var value = doubles[i];
            doubles[i] = value + Step;
            var above = Naive(data, rows, widths, doubles, loss);
            doubles[i] = value - Step;
            var below = Naive(data, rows, widths, doubles, loss);
            doubles[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 2e-5);
        }
    }

    [Fact]
    public void The_same_key_gives_the_same_batch_and_bits_whatever_was_computed_before()
    {
        var task = new MlpRegression("t", Random(2000, 4, 2), [9], 20);
        var (first, second) = (Parameters(task), Parameters(task, 1));
        using var used = task.CreateBatch();
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            foreach (var step in new[] { 3, 90, 3 })
            {
                used.Prepare(Trajectory.At(step), split, RandomStream.DataOrder);
                using var fresh = task.CreateBatch();
                fresh.Prepare(Trajectory.At(step), split, RandomStream.DataOrder);
                var other = Computed(used, second);
                Assert.Equal(Computed(fresh, first), Computed(used, first));
                Assert.Equal(other, Computed(used, second));
                Assert.NotEqual(other, Computed(used, first));
            }
        }
    }

    [Fact]
    public void The_loss_with_a_gradient_is_the_loss_without_and_padding_is_left_alone()
    {
        var task = new MlpRegression("t", Random(300, 4, 2), [9], 20, RegressionLoss.Absolute);
        float[] parameters = [.. Parameters(task), float.NaN];
        var gradient = new float[parameters.Length + 2];
        gradient.AsSpan(parameters.Length - 1).Fill(7);
        using var batch = task.CreateBatch();
        Assert.Throws<InvalidOperationException>(() => batch.Loss(parameters));
        batch.Prepare(Trajectory.At(0), DataSplit.Test, RandomStream.DataOrder);
        Assert.Equal(batch.Loss(parameters), batch.LossAndGradient(parameters, gradient));
        Assert.Equal([7, 7, 7], gradient[^3..]);
    }

    [Fact]
    public void Every_parameter_that_is_not_finite_gives_a_loss_that_is_not_finite()
    {
        var task = new MlpRegression("t", Random(300, 4, 1), [9], 20);
        var parameters = Parameters(task);
        var gradient = new float[parameters.Length];
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(0), DataSplit.Train, RandomStream.DataOrder);
        for (var i = 0; i < parameters.Length; i++)
        {
            var kept = parameters[i];
            parameters[i] = i % 2 == 0 ? float.PositiveInfinity : float.NaN;
            Assert.False(double.IsFinite(batch.LossAndGradient(parameters, gradient)));
            Assert.False(double.IsFinite(batch.Loss(parameters)));
            parameters[i] = kept;
        }
    }

    // A hash of what the first version computed; the same with and without hardware intrinsics.
    [Fact]
    public void Loss_and_gradient_keep_their_bits()
    {
        var task = new MlpRegression("t", Random(300, 5, 3), [13, 6], 20);
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(1), DataSplit.Train, RandomStream.DataOrder);
        var computed = Computed(batch, Parameters(task));
        var bits = computed.Aggregate(
            17L, (hash, value) => unchecked((hash * 31) + BitConverter.DoubleToInt64Bits(value)));
        Assert.Equal(4921331042146924237, bits);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var task = new MlpRegression("t", Random(300, 4, 1), [9], 20);
        var parameters = Parameters(task);
        var gradient = new float[parameters.Length];
        using var batch = task.CreateBatch();
        var step = 0;
        Assert.Equal(0, Allocation.OfEachCall(() =>
        {
            for (var end = step + 40; step < end; step++)
            {
                batch.Prepare(Trajectory.At(step), DataSplit.Train, RandomStream.DataOrder);
                batch.LossAndGradient(parameters, gradient);
            }
        }));
    }

    [Fact]
    public void Losses_are_relative_to_the_best_constant_and_end_at_ten()
    {
        // The targets are 0 and 4 in turn: their mean is within the split's chance of 2, their variance 4.
        var values = Enumerable.Range(0, 3000).SelectMany(row => new double[] { row, row % 2 * 4 }).ToArray();
        var task = new MlpRegression("t", new RegressionData(2, values, 1, standardise: false), [4], 8);
        Assert.Equal(10, task.CeilingLoss);
        Assert.Equal(0.5, task.Normalize(2), 0.01);
        Assert.Equal(0, task.Normalize(-1e-9));
        Assert.All([41, double.PositiveInfinity, double.NaN], loss => Assert.Equal(10, task.Normalize(loss)));
    }

    [Fact]
    public void Shapes_names_and_epochs_are_those_of_the_options()
    {
        var task = new MlpRegression("t", Random(300, 4, 2), [9, 3], 7);
        Assert.Equal(
            ["w0 0 4x9", "b0 36 9", "w1 45 9x3", "b1 72 3", "w2 75 3x2", "b2 81 2"],
            task.Parameters.Select(p => $"{p.Name} {p.Offset} {string.Join('x', p.Shape)}"));
        Assert.Equal((34, 2), (task.BatchesPerEpoch(DataSplit.Train), task.BatchesPerEpoch(DataSplit.Test)));
        Assert.Throws<ArgumentException>(() => new MlpRegression("t", Random(300, 4, 2), [9], 21));
        Assert.Throws<ArgumentException>(() => new MlpRegression("t", Random(300, 4, 2), [0], 7));
    }

    [Theory]
    [InlineData(RegressionLoss.Squared, 0.1)]
    [InlineData(RegressionLoss.Absolute, 0.3)]
    public void Adam_learns_a_known_function_from_a_file(RegressionLoss loss, double most)
    {
        var folder = Directory.CreateTempSubdirectory("involute-");
        var file = Path.Combine(folder.FullName, "a.csv");
        var values = Function(1500);
        File.WriteAllText(file, RegressionDataTests.Csv(3, values, "x0,x1,y\n"));
        var options = new MlpRegressionOptions { DataFile = file, Loss = loss };
        var problem = new OptimizedTask(options.Create(), new LearnableAdam(0.01));
        folder.Delete(recursive: true);
        using var unroll = problem.CreateUnroll(1, ArmSet.CentreOnly);
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(0, theta);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        var losses = new StepLoss[1000];
        unroll.Reset(0, new Trajectory(Trajectory, losses.Length), thetas);
        unroll.Advance(
            [new Segment(0, Trajectory, 0, losses.Length, new LossTime(true, DataSplit.OuterValid), 0)], thetas,
            losses);
        Assert.InRange(problem.Normalize(losses[0].Loss), 0.5, 3);
        Assert.InRange(losses[^50..].Average(step => problem.Normalize(step.Loss)), 0, most);
    }

    [Fact]
    public void Options_are_checked_and_a_table_that_is_too_short_is_refused_in_one_line()
    {
        var problem = Assert.Single(new MlpRegressionOptions().Check());
        Assert.Equal(("data-file", "no table is set"), (problem.Key, problem.Problem));
        var folder = Directory.CreateTempSubdirectory("involute-");
        var file = Path.Combine(folder.FullName, "a.csv");
        File.WriteAllText(file, RegressionDataTests.Csv(3, Function(300)));
        var options = new MlpRegressionOptions { DataFile = file };
        Assert.Empty(options.Check());
        Assert.Equal(
            $"{file}: of its 300 rows the smallest split has 20, and involute.task.batch-size is 64; "
            + "expected at least 960 rows, or a batch size from 1 to 20",
            Assert.Throws<DataFormatException>(() => options.Create()).Message);
        Assert.Equal("mlp-regression", (options with { BatchSize = 20 }).Create().Name);
        File.WriteAllText(file, "1,2\n");
        Assert.EndsWith(
            "the smallest split has 0, and involute.task.batch-size is 1; expected at least 15 rows",
            Assert.Throws<DataFormatException>(() => (options with { BatchSize = 1 }).Create()).Message,
            StringComparison.Ordinal);
        Assert.Equal(options with { Hidden = [8] }, options with { Hidden = [8] });
        Assert.NotEqual(options with { Hidden = [8] }, options with { Hidden = [9] });
        folder.Delete(recursive: true);
    }

    // y = sin 2 x₀ + x₁², in rows that are sorted by x₀.
    private static double[] Function(int rows)
    {
        var inputs = new float[2 * rows];
        new CounterStream(3, 0, 0, 0, RandomStream.InnerNoise).FillNormal(inputs.AsSpan());
        Array.Sort(inputs);
#pragma warning disable RS0030 // an expected value: the last bits do not matter
        return
        [
            .. Enumerable.Range(0, rows).SelectMany(row =>
            {
                double x0 = inputs[row], x1 = inputs[row * 7 % rows];
                return new[] { x0, x1, Math.Sin(2 * x0) + (x1 * x1) };
            }),
        ];
#pragma warning restore RS0030
    }

    private static RegressionData Random(int rows, int features, int targets)
    {
        var values = new double[rows * (features + targets)];
        new CounterStream(7, 0, 0, 0, RandomStream.InnerNoise).FillNormal(values.AsSpan());
        return new RegressionData(features + targets, values, targets, standardise: true);
    }

    // Biases too, unlike the initial parameters, whose zero biases would hide swapped ones.
    private static float[] Parameters(MlpRegression task, uint step = 0)
    {
        var parameters = new float[task.Parameters[^1].Offset + task.Parameters[^1].Length];
        Trajectory.At((int)step).Stream(RandomStream.InnerNoise).FillNormal(parameters.AsSpan(), 0.4);
        return parameters;
    }

    private static double[] Computed(ITaskBatch batch, float[] parameters)
    {
        var gradient = new float[parameters.Length];
        var loss = batch.LossAndGradient(parameters, gradient);
        return [loss, .. gradient.Select(value => (double)value)];
    }

    private static double Naive(RegressionData data, int[] rows, int[] widths, double[] parameters, RegressionLoss loss)
    {
        var sum = 0.0;
        foreach (var row in rows)
        {
            var units = Array.ConvertAll(
                data.FeaturesOf(DataSplit.Train).Slice(row * data.Features, data.Features).ToArray(),
                value => (double)value);
            var offset = 0;
            for (var layer = 1; layer < widths.Length; layer++)
            {
                var next = new double[widths[layer]];
                for (var j = 0; j < next.Length; j++)
                {
                    next[j] = parameters[offset + (units.Length * next.Length) + j];
                    for (var i = 0; i < units.Length; i++)
                    {
                        next[j] += units[i] * parameters[offset + (i * next.Length) + j];
                    }

                    next[j] = layer + 1 < widths.Length ? Math.Tanh(next[j]) : next[j];
                }

                offset += (units.Length + 1) * next.Length;
                units = next;
            }

            for (var target = 0; target < units.Length; target++)
            {
                var error = units[target] - data.TargetsOf(DataSplit.Train)[(row * data.Targets) + target];
                sum += (loss == RegressionLoss.Squared ? error * error : Math.Abs(error)) / (
                    rows.Length * units.Length);
            }
        }

        return sum;
    }
}
