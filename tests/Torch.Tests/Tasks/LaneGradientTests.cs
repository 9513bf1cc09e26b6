using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>
/// Losses and gradients of stacked lanes against those of single lanes, for all tasks and ways of batching.
/// </summary>
public sealed class LaneGradientTests
{
    private const int Lanes = 3;

    public static MatrixTheoryData<string, TorchBatching> Ways() =>
        new(TorchTasks.Names, [TorchBatching.Lanes, TorchBatching.Vmap]);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Stacked_lanes_have_the_losses_and_gradients_of_single_ones(string name, TorchBatching how)
    {
        TorchRequired.OrSkip();
        var (task, parameters, batch) = Stack(name);
        var (expected, slopes) = Compute(task, TorchBatching.Loop, parameters, batch);
        var (losses, gradient) = Compute(task, how, parameters, batch);
        for (var lane = 0; lane < Lanes; lane++)
        {
            Assert.InRange(Math.Abs(losses[lane] - expected[lane]) / expected[lane], 0, 1e-6);
            var norm = Math.Sqrt(slopes[lane].Sum(value => (double)value * value));
            var apart = Math.Sqrt(slopes[lane].Zip(gradient[lane], (a, b) => ((double)a - b) * ((double)a - b)).Sum());
            Assert.InRange(apart / norm, 0, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_lane_that_is_poisoned_changes_no_bit_of_another(string name, TorchBatching how)
    {
        TorchRequired.OrSkip();
        var (task, parameters, batch) = Stack(name);
        var (losses, gradient) = Compute(task, how, parameters, batch);
        foreach (var poison in new[] { float.NaN, float.PositiveInfinity, 1e30f, 0.25f })
        {
            using var scope = NewDisposeScope();
            var poisoned = parameters.clone();
            poisoned[1].fill_(poison);
            var (after, slopes) = Compute(task, how, poisoned, batch);
            foreach (var lane in new[] { 0, 2 })
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(losses[lane]), BitConverter.SingleToInt32Bits(after[lane]));
                Assert.Equal(gradient[lane], slopes[lane]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Losses_alone_are_the_same_numbers(string name, TorchBatching how)
    {
        TorchRequired.OrSkip();
        var (task, parameters, batch) = Stack(name);
        var (losses, _) = Compute(task, how, parameters, batch);
        var alone = new float[Lanes];
        LaneGradients.Losses(task, how, parameters, batch, alone);
        Assert.Equal(losses, alone);
    }

    /// <summary>Other parameters and another batch in each lane.</summary>
    internal static (TorchTask Task, Tensor Parameters, Tensor[] Batch) Stack(string name)
    {
        var task = TorchTasks.Of(name);
        var count = task.Parameters[^1].Offset + task.Parameters[^1].Length;
        var flat = new float[Lanes * count];
        var keys = new StepKey[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            keys[lane] = new TrajectoryKey(7, lane, 0).At(lane);
            task.Initialise(keys[lane].Trajectory, flat.AsSpan(lane * count, count));
        }

        return (
            task, tensor(flat).view(Lanes, count),
            DrawnBatch.Of(task, keys, DataSplit.Train, RandomStream.DataOrder, [new BatchOrder(), new BatchOrder(), new BatchOrder()]));
    }

    private static (float[] Losses, float[][] Gradient) Compute(
        TorchTask task, TorchBatching how, Tensor parameters, Tensor[] batch)
    {
        using var scope = NewDisposeScope();
        var losses = new float[Lanes];
        var gradient = zeros_like(parameters);
        LaneGradients.Compute(task, how, parameters, batch, gradient, losses);
        return (losses, [.. Enumerable.Range(0, Lanes).Select(lane => gradient[lane].data<float>().ToArray())]);
    }
}
