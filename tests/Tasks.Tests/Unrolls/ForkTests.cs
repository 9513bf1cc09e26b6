using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Unrolls;

public sealed class ForkTests
{
    private static readonly TrajectoryKey Key = new(1, 0, 0);

    [Fact]
    public void The_positive_arm_is_copied_to_the_negative_one()
    {
        using var lanes = new OptimizedTask(new QuadraticTask(3), new LearnableAdam(0.1))
            .CreateUnroll(1, ArmSet.AntitheticAndCentre);
        Run(lanes, 4);
        var before = Lanes(lanes);
        Assert.NotEqual(before[0], before[1]);
        lanes.ForkFromPositive(0);
        var after = Lanes(lanes);
        Assert.Equal([before[0], before[0], before[2]], after);
    }

    [Fact]
    public void An_unroll_that_does_not_say_how_copies_by_its_saved_state()
    {
        using var bytes = new BytesUnroll();
        ((IUnroll<float>)bytes).ForkFromPositive(1);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 10, 11], bytes.State);
    }

    private static void Run(IUnroll<float> unroll, int thetaLength)
    {
        var thetas = new ArmThetas<float>(
            [.. Enumerable.Range(0, 3 * thetaLength).Select(i => -2f + (i / thetaLength))], 3, thetaLength);
        unroll.Reset(0, new Trajectory(Key, 10), thetas);
        unroll.Advance([new Segment(0, Key, 0, 3, LossTime.BeforeUpdate, 0)], thetas, new StepLoss[9]);
    }

    private static byte[][] Lanes(IUnroll<float> unroll)
    {
        var state = new byte[unroll.StateBytesPerPair];
        unroll.Save(0, state);
        return [.. state.Chunk(state.Length / 3)];
    }

    /// <summary>Two pairs of three lanes of two bytes.</summary>
    private sealed class BytesUnroll : IUnroll<float>
    {
        public byte[] State { get; } = [.. Enumerable.Range(0, 12).Select(i => (byte)i)];

        public int Pairs => 2;

        public ArmSet Arms => ArmSet.AntitheticAndCentre;

        public int StateBytesPerPair => 6;

        public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas) =>
            throw new NotSupportedException();

        public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses) =>
            throw new NotSupportedException();

        public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses) =>
            throw new NotSupportedException();

        public void ForkFromCentre(int pair) => throw new NotSupportedException();

        public void Save(int pair, Span<byte> destination) => State.AsSpan(pair * 6, 6).CopyTo(destination);

        public void Load(int pair, ReadOnlySpan<byte> source) => source.CopyTo(State.AsSpan(pair * 6, 6));

        public void Dispose()
        {
            // Nothing to free.
        }
    }
}
