using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>A perceptron as a module, against the same one as a function.</summary>
public sealed class ModuleTaskTests
{
    private const int Hidden = 7;
    private const int Examples = 5;
    private const int Pixels = 64;

    private static readonly TrajectoryKey Key = new(4, 0, 0);

    [Fact]
    public void Loss_and_gradient_are_those_of_the_function()
    {
        TorchRequired.OrSkip();
        var module = new ModulePerceptron(Hidden, Examples);
        var function = new TorchMlp(FashionMnist.Embedded8x8(), Hidden, Examples, TorchBatching.Loop);
        Assert.Equal(
            ["0/weight 7,64", "0/bias 7", "2/weight 10,7", "2/bias 10"],
            module.Parameters.Select(slice => $"{slice.Name} {string.Join(',', slice.Shape)}"));

        var parameters = new float[module.Parameters.Sum(slice => slice.Length)];
        module.Initialise(Key, parameters);
        var (loss, gradient) = Of(module, parameters);
        var (expected, slopes) = Of(function, Transposed(parameters));
        Assert.Equal(expected, loss, 1e-6);
        foreach (var (slope, other) in Transposed(gradient).Zip(slopes))
        {
            Assert.Equal(other, slope, 1e-6);
        }
    }

    [Fact]
    public void It_unrolls_with_the_same_bits_on_any_thread()
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(new ModulePerceptron(Hidden, Examples), new LearnableAdam(0.01));
        var expected = Unrolled();
        var results = new StepLoss[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Unrolled())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));
        Assert.True(expected[^1].Loss < 0.8 * expected[0].Loss);

        StepLoss[] Unrolled()
        {
            using var unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
            var values = new float[2 * problem.Layout.Length];
            problem.InitialTheta(0, values.AsSpan(0, problem.Layout.Length));
            problem.InitialTheta(0, values.AsSpan(problem.Layout.Length));
            var thetas = new ArmThetas<float>(values, 2, problem.Layout.Length);
            unroll.Reset(0, new Trajectory(Key, 200), thetas);
            var losses = new StepLoss[400];
            unroll.Advance([new Segment(0, Key, 0, 200, LossTime.BeforeUpdate, 0)], thetas, losses);
            return losses;
        }
    }

    [Fact]
    public void A_module_with_state_of_its_own_is_refused()
    {
        TorchRequired.OrSkip();
        var problem = Assert.Throws<ArgumentException>(() => new Normalised());
        Assert.Contains("running_mean", problem.Message, StringComparison.Ordinal);
        Assert.Contains("track_running_stats: false", problem.Message, StringComparison.Ordinal);
    }

    private static (double Loss, float[] Gradient) Of(IInnerTask task, float[] parameters)
    {
        using var batch = task.CreateBatch();
        batch.Prepare(Key.At(3), DataSplit.Train, RandomStream.DataOrder);
        var gradient = new float[parameters.Length];
        return (batch.LossAndGradient(parameters, gradient), gradient);
    }

    // The module's weights are [outputs, inputs], the function's [inputs, outputs].
    private static float[] Transposed(float[] flat)
    {
        var result = (float[])flat.Clone();
        Turn(0, Hidden, Pixels);
        Turn((Hidden * Pixels) + Hidden, 10, Hidden);
        return result;

        void Turn(int first, int rows, int columns)
        {
            for (var i = 0; i < rows * columns; i++)
            {
                result[first + ((i % columns) * rows) + (i / columns)] = flat[first + i];
            }
        }
    }

    private sealed class Normalised() : ModuleTask(() => nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), 1);
}
