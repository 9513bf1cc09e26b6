using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Tasks;

[Trait("Speed", "slow")]
public sealed class TorchUnrollTests
{
    private const int Pairs = 3;

    private static readonly DataSplit Held = DataSplit.OuterValid;

    public static TheoryData<string, string, TorchBatching> Problems()
    {
        var table = new TheoryData<string, string, TorchBatching>();
        foreach (var batching in new[] { TorchBatching.Lanes, TorchBatching.Vmap, TorchBatching.Loop })
        {
            table.Add("conv", "mlp", batching);
            foreach (var name in TorchTasks.Names)
            {
                table.Add(name, "adam", batching);
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_saved_pair_goes_on_with_the_same_bits(string task, string optimizer, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task, optimizer, batching);
        using var whole = Begin(problem);
        using var first = Begin(problem);
        using var second = problem.CreateUnroll(Pairs, ArmSet.Antithetic);
        var expected = Run(problem, whole, 0, 9, LossTime.BeforeUpdate);
        var before = Run(problem, first, 0, 4, LossTime.BeforeUpdate);
        var bytes = new byte[first.StateBytesPerPair];
        for (var pair = 0; pair < Pairs; pair++)
        {
            first.Save(pair, bytes);
            second.Load(pair, bytes);
        }

        var after = Run(problem, second, 4, 5, LossTime.BeforeUpdate);
        for (var pair = 0; pair < Pairs; pair++)
        {
            Assert.Equal(expected[pair], before[pair].Concat(after[pair]).ToArray());
        }

        Assert.Equal(Saved(whole), Saved(second));
    }

    /// <summary>The unroll of any task, lane by lane with batches of one lane, is what it must agree with.</summary>
    [Theory]
    [MemberData(nameof(Problems))]
    public void It_agrees_with_single_lanes(string task, string optimizer, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task, optimizer, batching);
        foreach (var time in new[] { LossTime.BeforeUpdate, LossTime.SameBatchAfterUpdate, LossTime.OnSplitAfterUpdate(Held) })
        {
            using var stacked = Begin(problem);
            using var single = new LaneUnroll(problem, Pairs, ArmSet.Antithetic);
            Reset(problem, single);
            var (losses, expected) = (Run(problem, stacked, 0, 5, time), Run(problem, single, 0, 5, time));
            for (var pair = 0; pair < Pairs; pair++)
            {
                foreach (var (loss, other) in losses[pair].Zip(expected[pair]))
                {
                    Assert.Equal(other.Loss, loss.Loss, 1e-5 * other.Loss);
                    Assert.False(loss.Diverged);
                }
            }
        }
    }

    [Theory]
    [InlineData(TorchBatching.Lanes)]
    [InlineData(TorchBatching.Vmap)]
    public void Two_threads_compute_the_bits_of_one(TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = Problem("conv", "adam", batching);
        var expected = Alone();
        var results = new byte[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Alone())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));

        byte[] Alone()
        {
            using var unroll = Begin(problem);
            Run(problem, unroll, 0, 20, LossTime.BeforeUpdate);
            return Saved(unroll);
        }
    }

    /// <summary>
    /// Pairs whose segments are of different lengths, as when one reaches its horizon within a window.
    /// </summary>
    [Fact]
    public void A_pair_that_rests_keeps_its_bits()
    {
        TorchRequired.OrSkip();
        var problem = Problem("conv", "adam", TorchBatching.Lanes);
        using var unroll = Begin(problem);
        var rested = Saved(unroll, 1);
        var losses = new StepLoss[2 * 3 * 2];
        unroll.Advance(
            [Segment(0, 0, 3, LossTime.BeforeUpdate, 0), Segment(2, 0, 3, LossTime.BeforeUpdate, 6)],
            Thetas(problem, out _), losses);
        Assert.Equal(rested, Saved(unroll, 1));
        Assert.All(losses, loss => Assert.InRange(loss.Loss, 0.1, 10));
    }

    [Fact]
    public void A_lane_that_diverges_is_frozen_and_the_others_go_on()
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(TorchTasks.Of("conv"), new LearnableSgd(0.1));
        var thetas = new float[2 * Pairs];
        thetas.AsSpan().Fill(-3);
        var calm = Two(thetas);
        thetas[2] = 80;
        var wild = Two(thetas);
        Assert.Contains(wild[1].Where((_, i) => i % 2 == 0), loss => loss.Diverged);
        Assert.True(wild[1][^2].Diverged);
        Assert.False(wild[1][^1].Diverged);
        Assert.Equal(calm[0], wild[0]);
        Assert.Equal(calm[2], wild[2]);
        Assert.Equal(calm[1].Where((_, i) => i % 2 == 1), wild[1].Where((_, i) => i % 2 == 1));

        StepLoss[][] Two(float[] values)
        {
            using var unroll = problem.CreateUnroll(Pairs, ArmSet.Antithetic);
            var arms = new ArmThetas<float>(values, 2, 1);
            for (var pair = 0; pair < Pairs; pair++)
            {
                unroll.Reset(pair, new Trajectory(Key(pair), 100), arms);
            }

            var losses = new StepLoss[Pairs * 12];
            unroll.Advance(
                [.. Enumerable.Range(0, Pairs).Select(pair => Segment(pair, 0, 6, LossTime.BeforeUpdate, pair * 12))], arms,
                losses);
            return [.. losses.Chunk(12)];
        }
    }

    /// <summary>The same training by the built-in kernels and by torch.</summary>
    [Theory]
    [InlineData(TorchBatching.Lanes)]
    [InlineData(TorchBatching.Vmap)]
    public void Persistent_es_goes_as_with_the_kernels(TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var data = FashionMnist.Embedded8x8();
        var expected = Losses(new ImageMlp("kernels", data, [8], 16));
        var losses = Losses(new TorchMlp(data, 8, 16, batching));
        for (var step = 0; step < expected.Length; step++)
        {
            Assert.InRange(Math.Abs(losses[step] - expected[step]) / expected[step], 0, step < 10 ? 1e-6 : 5e-3);
        }

        static double[] Losses(IInnerTask task)
        {
            var plan = TrainingPlan.Create(
                new OptimizedTask(task, new LearnableAdam(0.01)), new PersistentES<float>(), new ConstantSchedule(50), pairs: 4,
                window: 5, offset: 50, sigma: 0.1, seed: 3);
            return [.. new SequentialTrainer<float>(plan).Run(100).Select(step => step.MeanLoss)];
        }
    }

    private static OptimizedTask Problem(string task, string optimizer, TorchBatching batching) => new(
        TorchTasks.Of(task, batching), optimizer == "adam" ? new LearnableAdam(0.01) : new MlpOptimizer());

    private static TrajectoryKey Key(int pair) => new(5, pair, 0);

    private static Segment Segment(int pair, int first, int steps, LossTime time, int offset) =>
        new(pair, Key(pair), first, steps, time, offset);

    private static IUnroll<float> Begin(OptimizedTask problem)
    {
        var unroll = problem.CreateUnroll(Pairs, ArmSet.Antithetic);
        Reset(problem, unroll);
        return unroll;
    }

    private static void Reset(OptimizedTask problem, IUnroll<float> unroll)
    {
        for (var pair = 0; pair < Pairs; pair++)
        {
            unroll.Reset(pair, new Trajectory(Key(pair), 100), Thetas(problem, out _));
        }
    }

    private static ArmThetas<float> Thetas(OptimizedTask problem, out float[] values)
    {
        var length = problem.Layout.Length;
        values = new float[2 * Pairs * length];
        for (var lane = 0; lane < 2 * Pairs; lane++)
        {
            problem.InitialTheta(1, values.AsSpan(lane * length, length));
            values[lane * length] += 0.1f * lane;
        }

        return new ArmThetas<float>(values, 2, length);
    }

    private static StepLoss[][] Run(OptimizedTask problem, IUnroll<float> unroll, int first, int steps, LossTime time)
    {
        var losses = new StepLoss[Pairs * steps * 2];
        unroll.Advance(
            [.. Enumerable.Range(0, Pairs).Select(pair => Segment(pair, first, steps, time, pair * steps * 2))],
            Thetas(problem, out _), losses);
        return [.. losses.Chunk(steps * 2)];
    }

    private static byte[] Saved(IUnroll<float> unroll) =>
        [.. Enumerable.Range(0, Pairs).SelectMany(pair => Saved(unroll, pair))];

    private static byte[] Saved(IUnroll<float> unroll, int pair)
    {
        var bytes = new byte[unroll.StateBytesPerPair];
        unroll.Save(pair, bytes);
        return bytes;
    }
}
