using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Tasks;

/// <summary>The unroll for cards, on the processor.</summary>
[Trait("Speed", "slow")]
public sealed class DeviceUnrollTests
{
    private const int Pairs = 3;

    private static readonly DataSplit Held = DataSplit.OuterValid;

    public static TheoryData<string, string, TorchBatching> Problems() => new()
    {
        { "conv", "adam", TorchBatching.Lanes },
        { "conv", "sgd", TorchBatching.Vmap },
        { "resnet", "sgdm", TorchBatching.Lanes },
        { "vae", "adam", TorchBatching.Vmap },
        { "gru-lm", "adam", TorchBatching.Lanes },
        { "transformer-lm", "adam", TorchBatching.Lanes },
        { "torch-mlp", "mlp", TorchBatching.Lanes },
        { "torch-mlp", "adafac-mlp", TorchBatching.Lanes },
        { "torch-mlp", "adam", TorchBatching.Loop },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void It_agrees_with_the_kernels(string task, string optimizer, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        foreach (var time in new[] { LossTime.BeforeUpdate, LossTime.SameBatchAfterUpdate, LossTime.OnSplitAfterUpdate(Held) })
        {
            using var device = Begin(Problem(task, optimizer, batching, byTorch: true));
            using var host = Begin(Problem(task, optimizer, batching, byTorch: false));
            Assert.IsType<DeviceUnroll>(device.Unroll);
            Assert.IsType<TorchUnroll>(host.Unroll);
            var (losses, expected) = (device.Run(0, 6, time), host.Run(0, 6, time));
            for (var i = 0; i < losses.Length; i++)
            {
                Assert.Equal(expected[i].Loss, losses[i].Loss, 1e-5 * expected[i].Loss);
                Assert.False(losses[i].Diverged);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_saved_pair_goes_on_with_the_same_bits(string task, string optimizer, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task, optimizer, batching, byTorch: true);
        using var whole = Begin(problem);
        using var first = Begin(problem);
        using var second = new Lanes(problem);
        var expected = whole.Run(0, 9, LossTime.BeforeUpdate);
        var before = first.Run(0, 4, LossTime.BeforeUpdate);
        for (var pair = 0; pair < Pairs; pair++)
        {
            second.Unroll.Load(pair, first.Saved(pair));
        }

        var after = second.Run(4, 5, LossTime.BeforeUpdate);
        for (var pair = 0; pair < Pairs; pair++)
        {
            Assert.Equal(
                expected.AsSpan(pair * 18, 18), [.. before.AsSpan(pair * 8, 8), .. after.AsSpan(pair * 10, 10)]);
            Assert.Equal(whole.Saved(pair), second.Saved(pair));
        }
    }

    /// <summary>Either unroll goes on from what the other has saved: the bytes have one form.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_other_unroll_reads_what_one_has_saved(bool byTorch)
    {
        TorchRequired.OrSkip();
        using var from = Begin(Problem("torch-mlp", "mlp", TorchBatching.Lanes, byTorch));
        using var to = new Lanes(Problem("torch-mlp", "mlp", TorchBatching.Lanes, !byTorch));
        from.Run(0, 4, LossTime.BeforeUpdate);
        for (var pair = 0; pair < Pairs; pair++)
        {
            to.Unroll.Load(pair, from.Saved(pair));
            Assert.Equal(from.Saved(pair), to.Saved(pair));
        }

        var (losses, expected) = (to.Run(4, 3, LossTime.BeforeUpdate), from.Run(4, 3, LossTime.BeforeUpdate));
        for (var i = 0; i < losses.Length; i++)
        {
            Assert.Equal(expected[i].Loss, losses[i].Loss, 1e-5 * expected[i].Loss);
        }
    }

    [Fact]
    public void Two_threads_compute_the_bits_of_one()
    {
        TorchRequired.OrSkip();
        var problem = Problem("conv", "adam", TorchBatching.Lanes, byTorch: true);
        var expected = Alone();
        var results = new byte[2][];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => results[i] = Alone())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));

        byte[] Alone()
        {
            using var lanes = Begin(problem);
            lanes.Run(0, 20, LossTime.BeforeUpdate);
            return [.. Enumerable.Range(0, Pairs).SelectMany(lanes.Saved)];
        }
    }

    /// <summary>
    /// One pair has no segment, another a shorter one, and more steps follow than are drawn at once.
    /// </summary>
    [Fact]
    public void Segments_of_different_lengths_agree_with_the_kernels()
    {
        TorchRequired.OrSkip();
        using var device = Begin(Problem("torch-mlp", "sgd", TorchBatching.Lanes, byTorch: true));
        using var host = Begin(Problem("torch-mlp", "sgd", TorchBatching.Lanes, byTorch: false));
        var rested = device.Saved(1);
        var (losses, expected) = (Uneven(device), Uneven(host));
        Assert.Equal(rested, device.Saved(1));
        for (var i = 0; i < losses.Length; i++)
        {
            Assert.Equal(expected[i].Loss, losses[i].Loss, 1e-5 * expected[i].Loss);
        }

        static StepLoss[] Uneven(Lanes lanes)
        {
            var losses = new StepLoss[2 * (70 + 3)];
            lanes.Unroll.Advance(
                [Segment(0, 0, 70, LossTime.BeforeUpdate, 0), Segment(2, 0, 3, LossTime.BeforeUpdate, 140)],
                lanes.Thetas(), losses);
            return losses;
        }
    }

    /// <summary>All segments of a window in one call; here the stacks are those of one call for each round.</summary>
    [Theory]
    [MemberData(nameof(Problems))]
    public void A_window_in_one_call_has_the_bits_of_its_rounds(string task, string optimizer, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task, optimizer, batching, byTorch: true);
        using var window = Begin(problem);
        using var rounds = Begin(problem);
        var parts = new List<WindowSegment>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            parts.Add(new WindowSegment(Segment(pair, 0, 3, LossTime.BeforeUpdate, pair * 6), Begins: null, pair));
            parts.Add(new WindowSegment(
                Next(pair).Segment with { LossOffset = 18 + (pair * 4) }, Next(pair).Trajectory, (pair + 1) % Pairs));
        }

        var losses = new StepLoss[30];
        ((IWindowUnroll<float>)window.Unroll).Advance([.. parts], window.Thetas(), losses);

        var (first, second) = (rounds.Run(0, 3, LossTime.BeforeUpdate), new StepLoss[12]);
        var others = new Lanes(problem);
        for (var pair = 0; pair < Pairs; pair++)
        {
            rounds.Unroll.Reset(pair, Next(pair).Trajectory, rounds.Thetas());
            others.Take(rounds, from: (pair + 1) % Pairs, to: pair);
        }

        rounds.Unroll.Advance(
            [.. Enumerable.Range(0, Pairs).Select(pair => Next(pair).Segment with { LossOffset = pair * 4 })],
            others.Thetas(), second);
        Assert.Equal([.. first, .. second], losses);
        for (var pair = 0; pair < Pairs; pair++)
        {
            Assert.Equal(rounds.Saved(pair), window.Saved(pair));
        }

        others.Dispose();
    }

    /// <summary>Trajectories end at different steps; a lane that was frozen is not in the next one.</summary>
    [Fact]
    public void A_window_with_uneven_trajectories_agrees_with_the_kernels()
    {
        TorchRequired.OrSkip();
        using var device = Begin(Problem("torch-mlp", "sgd", TorchBatching.Lanes, byTorch: true));
        using var host = Begin(Problem("torch-mlp", "sgd", TorchBatching.Lanes, byTorch: false));
        var (losses, expected) = (Window(device), Window(host));
        Assert.True(losses[2 * 3].Diverged && losses[2 * 3] == expected[2 * 3]);
        Assert.False(losses[2 * 4].Diverged);
        for (var i = 0; i < losses.Length; i++)
        {
            Assert.Equal(expected[i].Diverged, losses[i].Diverged);
            Assert.Equal(expected[i].Loss, losses[i].Loss, 1e-5 * (double.IsNaN(expected[i].Loss) ? 1 : expected[i].Loss));
        }

        foreach (var arm in new[] { Arm.Positive, Arm.Negative })
        {
            Assert.False(((IInspectableUnroll<float>)device.Unroll).IsFrozen(0, arm));
        }

        // Of the first pair, whose positive lane diverges at once, four steps and three; of the third, two and five.
        static StepLoss[] Window(Lanes lanes)
        {
            var bytes = lanes.Saved(0);
            BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(int)), float.NaN);
            lanes.Unroll.Load(0, bytes);
            var losses = new StepLoss[2 * 14];
            ((IWindowUnroll<float>)lanes.Unroll).Advance(
                [
                    new(Segment(0, 0, 4, LossTime.BeforeUpdate, 0), Begins: null, 0),
                    new(Next(0).Segment with { Steps = 3, LossOffset = 8 }, Next(0).Trajectory, 0),
                    new(Segment(2, 0, 2, LossTime.BeforeUpdate, 14), Begins: null, 2),
                    new(Next(2).Segment with { Steps = 5, LossOffset = 18 }, Next(2).Trajectory, 1),
                ],
                lanes.Thetas(), losses);
            return losses;
        }
    }

    [Fact]
    public void Evaluation_resets_and_forks_are_those_of_the_kernels()
    {
        TorchRequired.OrSkip();
        using var device = Begin(Problem("conv", "adam", TorchBatching.Lanes, byTorch: true));
        using var host = Begin(Problem("conv", "adam", TorchBatching.Lanes, byTorch: false));
        Assert.Equal(device.Saved(2), host.Saved(2));
        foreach (var lanes in new[] { device, host })
        {
            lanes.Run(0, 3, LossTime.BeforeUpdate);
            lanes.Unroll.Reset(1, new Trajectory(new TrajectoryKey(5, 1, 1), 100), lanes.Thetas());
        }

        Assert.Equal(host.Saved(1), device.Saved(1));
        device.Unroll.ForkFromPositive(0);
        var saved = device.Saved(0);
        Assert.Equal(saved.AsSpan(0, saved.Length / 2), saved.AsSpan(saved.Length / 2));
        var (measured, expected) = (new StepLoss[2], new StepLoss[2]);
        var key = new EvaluationKey(Key(2), Held, 3, 2);
        device.Unroll.Evaluate(2, device.Thetas(), key, measured);
        host.Unroll.Evaluate(2, host.Thetas(), key, expected);
        Assert.Equal(expected[1].Loss, measured[1].Loss, 1e-5 * expected[1].Loss);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lane_that_diverges_is_frozen_and_changes_no_bit_of_the_others(bool afterUpdate)
    {
        TorchRequired.OrSkip();
        var problem = Problem("conv", "sgd", TorchBatching.Lanes, byTorch: true);
        var time = afterUpdate ? LossTime.OnSplitAfterUpdate(Held) : LossTime.BeforeUpdate;
        var calm = Two(-3);
        var wild = Two(80);
        Assert.Contains(wild.Losses.AsSpan(12, 12).ToArray().Where((_, i) => i % 2 == 0), loss => loss.Diverged);
        Assert.True(wild.Losses[22].Diverged && double.IsNaN(wild.Losses[22].Loss));
        Assert.Equal(calm.Losses.AsSpan(0, 12), wild.Losses.AsSpan(0, 12));
        Assert.Equal(calm.Losses.AsSpan(24, 12), wild.Losses.AsSpan(24, 12));
        Assert.Equal(calm.Losses.Where((_, i) => i is > 12 and < 24 && i % 2 == 1), wild.Losses.Where((_, i) => i is > 12 and < 24 && i % 2 == 1));
        Assert.Equal(calm.Saved[0], wild.Saved[0]);
        Assert.Equal(calm.Saved[2], wild.Saved[2]);
        Assert.NotEqual(calm.Saved[1], wild.Saved[1]);

        (StepLoss[] Losses, byte[][] Saved) Two(float rate)
        {
            using var lanes = new Lanes(problem);
            lanes.Fill(-3);
            lanes.Values[2] = rate;
            lanes.Reset();
            var first = lanes.Run(0, 3, time);
            var second = lanes.Run(3, 3, time);
            Assert.Equal(rate > 0, ((IInspectableUnroll<float>)lanes.Unroll).IsFrozen(1, Arm.Positive));
            Assert.False(((IInspectableUnroll<float>)lanes.Unroll).IsFrozen(1, Arm.Negative));
            var losses = new StepLoss[36];
            for (var pair = 0; pair < Pairs; pair++)
            {
                first.AsSpan(pair * 6, 6).CopyTo(losses.AsSpan(pair * 12));
                second.AsSpan(pair * 6, 6).CopyTo(losses.AsSpan((pair * 12) + 6));
            }

            return (losses, [.. Enumerable.Range(0, Pairs).Select(lanes.Saved)]);
        }
    }

    /// <summary>NaN and huge numbers in the parameters of one lane.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void A_poisoned_lane_changes_no_bit_of_another(float poison)
    {
        TorchRequired.OrSkip();
        var problem = Problem("torch-mlp", "mlp", TorchBatching.Vmap, byTorch: true);
        using var clean = Begin(problem);
        using var poisoned = Begin(problem);
        var bytes = poisoned.Saved(1);
        BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(int)), poison);
        poisoned.Unroll.Load(1, bytes);
        var (expected, losses) = (clean.Run(0, 4, LossTime.BeforeUpdate), poisoned.Run(0, 4, LossTime.BeforeUpdate));
        for (var i = 0; i < losses.Length; i++)
        {
            Assert.True(losses[i] == expected[i] || i is >= 8 and < 16 && i % 2 == 0, $"{i}: {losses[i]}, not {expected[i]}");
        }

        Assert.Equal(clean.Saved(0), poisoned.Saved(0));
        Assert.Equal(clean.Saved(2), poisoned.Saved(2));
    }

    [Fact]
    public void Persistent_es_goes_as_with_the_kernels()
    {
        TorchRequired.OrSkip();
        var (losses, expected) = (Losses(true), Losses(false));
        for (var step = 0; step < expected.Length; step++)
        {
            Assert.InRange(Math.Abs(losses[step] - expected[step]) / expected[step], 0, step < 10 ? 1e-6 : 5e-3);
        }

        static double[] Losses(bool byTorch)
        {
            var plan = TrainingPlan.Create(
                Problem("torch-mlp", "adam", TorchBatching.Lanes, byTorch), new PersistentES<float>(),
                new ConstantSchedule(50), pairs: 4, window: 5, offset: 50, sigma: 0.1, seed: 3);
            return [.. new SequentialTrainer<float>(plan).Run(40).Select(step => step.MeanLoss)];
        }
    }

    [Fact]
    public void An_optimizer_without_a_form_for_torch_is_refused()
    {
        var task = TorchTasks.Of("torch-mlp");
        Assert.Null(task.RefusalOf(new LearnableNesterov(0.01)));
        task.Place = new TorchPlace(TorchDevice.Cpu, UpdatesByTorch: true);
        Assert.Null(task.RefusalOf(new LearnableAdam(0.01)));
        var refusal = task.RefusalOf(new LearnableNesterov(0.01))!;
        Assert.Equal("name", refusal.Key);
        Assert.Contains("nesterov has no form for torch", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("sgd, sgdm, adam, mlp, adafac-mlp", refusal.Allowed, StringComparison.Ordinal);
    }

    // What follows a pair's first trajectory: two steps of another one.
    private static (Trajectory Trajectory, Segment Segment) Next(int pair)
    {
        var key = new TrajectoryKey(5, pair, 1);
        return (new Trajectory(key, 100), new Segment(pair, key, 0, 2, LossTime.BeforeUpdate, 0));
    }

    private static OptimizedTask Problem(string task, string optimizer, TorchBatching batching, bool byTorch)
    {
        var made = TorchTasks.Of(task, batching);
        made.Place = new TorchPlace(TorchDevice.Cpu, byTorch);
        return new OptimizedTask(made, optimizer switch
        {
            "sgd" => new LearnableSgd(0.1),
            "sgdm" => new LearnableSgdm(0.1),
            "adam" => new LearnableAdam(0.01),
            "mlp" => new MlpOptimizer(),
            _ => new AdafacMlpOptimizer(),
        });
    }

    private static TrajectoryKey Key(int pair) => new(5, pair, 0);

    private static Segment Segment(int pair, int first, int steps, LossTime time, int offset) =>
        new(pair, Key(pair), first, steps, time, offset);

    private static Lanes Begin(OptimizedTask problem)
    {
        var lanes = new Lanes(problem);
        lanes.Reset();
        return lanes;
    }

    // An unroll with a theta of its own for each lane.
    private sealed class Lanes : IDisposable
    {
        private readonly int _length;

        public Lanes(OptimizedTask problem)
        {
            Unroll = problem.CreateUnroll(Pairs, ArmSet.Antithetic);
            _length = problem.Layout.Length;
            Values = new float[2 * Pairs * _length];
            for (var lane = 0; lane < 2 * Pairs; lane++)
            {
                problem.InitialTheta(1, Values.AsSpan(lane * _length, _length));
                Values[lane * _length] += 0.1f * lane;
            }
        }

        public IUnroll<float> Unroll { get; }

        public float[] Values { get; }

        public ArmThetas<float> Thetas() => new(Values, 2, _length);

        public void Take(Lanes other, int from, int to) =>
            other.Values.AsSpan(2 * from * _length, 2 * _length).CopyTo(Values.AsSpan(2 * to * _length));

        public void Fill(float value) => Values.AsSpan().Fill(value);

        public void Reset()
        {
            for (var pair = 0; pair < Pairs; pair++)
            {
                Unroll.Reset(pair, new Trajectory(Key(pair), 100), Thetas());
            }
        }

        public StepLoss[] Run(int first, int steps, LossTime time)
        {
            var losses = new StepLoss[Pairs * steps * 2];
            Unroll.Advance(
                [.. Enumerable.Range(0, Pairs).Select(pair => Segment(pair, first, steps, time, pair * steps * 2))],
                Thetas(), losses);
            return losses;
        }

        public byte[] Saved(int pair)
        {
            var bytes = new byte[Unroll.StateBytesPerPair];
            Unroll.Save(pair, bytes);
            return bytes;
        }

        public void Dispose() => Unroll.Dispose();
    }
}
