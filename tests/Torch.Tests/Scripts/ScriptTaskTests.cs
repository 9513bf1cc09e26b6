using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Involute.Torch.Batching;
using Involute.Torch.Scripts;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Scripts;

/// <summary>A TorchScript model, against the same one in C#.</summary>
public sealed class ScriptTaskTests : IDisposable
{
    private static readonly TrajectoryKey Key = new(4, 1, 0);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parameters_are_those_of_the_file()
    {
        TorchRequired.OrSkip();
        var task = Task(ScriptFixtures.Options(_folder.Path));
        Assert.Equal(
            ["first/weight 8,6", "first/bias 8", "last/weight 3,8", "last/bias 3"],
            task.Parameters.Select(slice => $"{slice.Name} {string.Join(',', slice.Shape)}"));
        Assert.Equal(ScriptFixtures.Tensors().Values.SelectMany(tensor => tensor.Values), Begin(task, Key));
        Assert.Equal(1.5 * PortableMath.Log(ScriptFixtures.Classes), task.CeilingLoss, 1e-9);
    }

    [Fact]
    public void Redrawn_parameters_have_the_moments_of_the_file_and_another_value_for_each_trajectory()
    {
        TorchRequired.OrSkip();
        var tensors = ScriptFixtures.Tensors();
        tensors["first.weight"] = ScriptFixtures.Drawn(0, 200, 6);
        tensors["first.bias"] = ScriptFixtures.Drawn(1, 200);
        tensors["last.weight"] = ScriptFixtures.Drawn(2, 3, 200);
        var task = Task(ScriptFixtures.Options(_folder.Path, ScriptArchive.Write(tensors, ScriptFixtures.Perceptron)) with
        {
            Start = ScriptStart.Redrawn,
        });
        var (first, second) = (Begin(task, Key), Begin(task, new TrajectoryKey(4, 1, 1)));
        Assert.Equal(first, Begin(task, Key));
        Assert.NotEqual(first[0], second[0]);
        var file = tensors["first.weight"].Values;
        var drawn = first[..1200];

        // Standard errors of mean and deviation of 1200 numbers are 0.029 and 0.018 of the deviation, and less if truncated.
        Assert.Equal(file.Average(), drawn.Average(), 0.5 * 0.12);
        Assert.Equal(Deviation(file), Deviation(drawn), 0.5 * 0.08);
        Assert.Equal([0, 0, 0], first[^3..]);

        static double Deviation(float[] values)
        {
            var mean = values.Average();
            return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        }
    }

    [Fact]
    public void Loss_and_gradient_have_the_bits_of_the_same_model_in_CSharp()
    {
        TorchRequired.OrSkip();
        var script = Task(ScriptFixtures.Options(_folder.Path));
        var (inputs, targets) = ScriptFixtures.Clouds();
        var function = new FunctionPerceptron(script, inputs, targets, 12);
        var parameters = Begin(script, Key);
        foreach (var split in Enum.GetValues<DataSplit>())
        {
            Assert.Equal(Of(function, parameters, split), Of(script, parameters, split));
        }
    }

    [Fact]
    public void Loss_and_gradient_are_those_of_loops_in_double()
    {
        TorchRequired.OrSkip();
        var task = Task(ScriptFixtures.Options(_folder.Path));
        var parameters = Begin(task, Key);
        var found = Of(task, parameters, DataSplit.Train);
        var rows = ScriptFixtures.RowsOf(Key.At(3), DataSplit.Train, 12);
        Assert.Equal(InDouble(Array.ConvertAll(parameters, value => (double)value)), found[0], 1e-6);
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.Equal((Shifted(i, 1e-5) - Shifted(i, -1e-5)) / 2e-5, found[i + 1], 1e-6);
        }

        double Shifted(int place, double by)
        {
            var values = Array.ConvertAll(parameters, value => (double)value);
            values[place] += by;
            return InDouble(values);
        }

        double InDouble(double[] p)
        {
            const int F = ScriptFixtures.Features, U = ScriptFixtures.Units, C = ScriptFixtures.Classes;
            var (inputs, targets) = ScriptFixtures.Clouds();
            return rows.Average(row =>
            {
                var hidden = Enumerable.Range(0, U).Select(unit => Math.Max(0, p[(U * F) + unit]
                    + Enumerable.Range(0, F).Sum(i => p[(unit * F) + i] * inputs[(row * F) + i]))).ToArray();
                var last = p.AsSpan((U * F) + U).ToArray();
                var logits = Enumerable.Range(0, C).Select(unit => last[(C * U) + unit]
                    + Enumerable.Range(0, U).Sum(i => last[(unit * U) + i] * hidden[i])).ToArray();
                return PortableMath.Log(logits.Sum(PortableMath.Exp)) - logits[targets[row]];
            });
        }
    }

    [Fact]
    public void Buffers_and_parameters_that_are_not_trained_begin_every_pass_as_in_the_file()
    {
        TorchRequired.OrSkip();
        var tensors = ScriptFixtures.Tensors();
        tensors["first.bias"] = tensors["first.bias"] with { IsTrained = false };
        tensors["passes"] = new ScriptTensor([1], [1]) { IsTrained = false, IsBuffer = true };
        var forward =
            """
            input: Tensor) -> Tensor:
                hidden = torch.relu(torch.linear(input, self.first.weight, self.first.bias))
                output = torch.mul(torch.linear(hidden, self.last.weight, self.last.bias), torch.clone(self.passes))
                _0 = torch.add_(self.passes, 1)
                _1 = torch.add_(self.first.bias, 1)
                return output
            """;
        var task = Task(ScriptFixtures.Options(_folder.Path, ScriptArchive.Write(tensors, forward)));
        Assert.Equal(["first/weight", "last/weight", "last/bias"], task.Parameters.Select(slice => slice.Name));
        var parameters = Begin(task, Key);
        var first = Of(task, parameters, DataSplit.Train);
        Assert.Equal(first, Of(task, parameters, DataSplit.Train));

        var whole = Task(ScriptFixtures.Options(_folder.Path));
        Assert.Equal(Of(whole, Begin(whole, Key), DataSplit.Train)[0], first[0]);
    }

    [Theory]
    [InlineData("adam", 2)]
    [InlineData("mlp", 2)]
    public void It_unrolls_with_the_same_bits_on_any_thread_and_after_save_and_load(string optimizer, int pairs)
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(
            Task(ScriptFixtures.Options(_folder.Path)),
            optimizer == "adam" ? new LearnableAdam(0.01) : new MlpOptimizer());
        var expected = Unrolled(saved: false);
        Assert.Equal(expected, Unrolled(saved: true));
        var results = new byte[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Unrolled(saved: false))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));

        byte[] Unrolled(bool saved)
        {
            var values = new float[2 * pairs * problem.Layout.Length];
            for (var lane = 0; lane < 2 * pairs; lane++)
            {
                problem.InitialTheta(1, values.AsSpan(lane * problem.Layout.Length, problem.Layout.Length));
                values[lane * problem.Layout.Length] += 0.1f * lane;
            }

            var thetas = new ArmThetas<float>(values, 2, problem.Layout.Length);
            using var first = problem.CreateUnroll(pairs, ArmSet.Antithetic);
            using var second = problem.CreateUnroll(pairs, ArmSet.Antithetic);
            var bytes = new byte[first.StateBytesPerPair];
            for (var pair = 0; pair < pairs; pair++)
            {
                first.Reset(pair, new Trajectory(Key, 100), thetas);
            }

            Advance(first, 0, 12);
            var last = saved ? second : first;
            for (var pair = 0; saved && pair < pairs; pair++)
            {
                first.Save(pair, bytes);
                second.Load(pair, bytes);
            }

            Advance(last, 12, 18);
            List<byte> all = [];
            for (var pair = 0; pair < pairs; pair++)
            {
                last.Save(pair, bytes);
                all.AddRange(bytes);
            }

            return [.. all];

            void Advance(IUnroll<float> unroll, int start, int steps) => unroll.Advance(
                [
                    .. Enumerable.Range(0, pairs).Select(pair => new Segment(
                        pair, Key, start, steps, LossTime.BeforeUpdate, pair * steps * 2)),
                ],
                new ArmThetas<float>(values, 2, problem.Layout.Length), new StepLoss[pairs * steps * 2]);
        }
    }

    [Fact]
    public void Accuracy_grows_with_training()
    {
        TorchRequired.OrSkip();
        var task = Assert.IsType<IClassificationTask>(Task(ScriptFixtures.Options(_folder.Path)), exactMatch: false);
        using var batch = task.CreateBatch();
        batch.Prepare(Key.At(0), DataSplit.Test, RandomStream.DataOrder);
        var parameters = Begin(task, Key);
        var before = batch.Accuracy(parameters);
        using var training = task.CreateBatch();
        var gradient = new float[parameters.Length];
        for (var step = 0; step < 200; step++)
        {
            training.Prepare(Key.At(step), DataSplit.Train, RandomStream.DataOrder);
            training.LossAndGradient(parameters, gradient);
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= 0.1f * gradient[i];
            }
        }

        Assert.InRange(before, 0, 0.7);
        Assert.InRange(batch.Accuracy(parameters), 0.8, 1);
    }

    private static TorchTask Task(TorchScriptOptions options) => Assert.IsType<TorchTask>(options.Create(), exactMatch: false);

    private static float[] Begin(IInnerTask task, TrajectoryKey key)
    {
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        task.Initialise(key, parameters);
        return parameters;
    }

    private static double[] Of(IInnerTask task, float[] parameters, DataSplit split)
    {
        using var batch = task.CreateBatch();
        batch.Prepare(Key.At(3), split, RandomStream.DataOrder);
        var gradient = new float[parameters.Length];
        var loss = batch.LossAndGradient(parameters, gradient);
        Assert.Equal(loss, batch.Loss(parameters));
        return [loss, .. gradient];
    }

    /// <summary>The model as a function of its parameters, by TorchSharp.</summary>
    private sealed class FunctionPerceptron(TorchTask like, float[] inputs, long[] targets, int batchSize) : TorchTask(
        "function", [.. like.Parameters.Select(slice => (slice.Name, slice.Shape.ToArray()))], TorchBatching.Loop)
    {
        public override BatchDraw Draws => new(batchSize);

        public override void Draw(
            StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals) =>
            ScriptFixtures.RowsOf(key, split, batchSize).CopyTo(indices);

        public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) =>
        [
            tensor(inputs).view(targets.Length, -1).index_select(0, indices.view(-1)).view(1, batchSize, -1),
            tensor(targets).index_select(0, indices.view(-1)).view(1, batchSize),
        ];

        public override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
        {
            var hidden = nn.functional.linear(batch[0], parameters[0], parameters[1]).relu();
            return LaneOps.SingleCrossEntropy(
                nn.functional.linear(hidden, parameters[2], parameters[3]), batch[1]);
        }
    }
}
