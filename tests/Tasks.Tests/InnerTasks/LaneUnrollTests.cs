using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

public sealed class LaneUnrollTests
{
    private static readonly TrajectoryKey Key = new(5, 0, 0);

    // 20 with standard deviation sqrt(80), 10 with sqrt(20).
    [Theory]
    [InlineData(true, 20, 80)]
    [InlineData(false, 10, 20)]
    public void Initial_losses_of_quadratics_have_their_expectation(bool family, double expected, double variance)
    {
        IInnerTask task = family ? new FixedDimQuadraticFamily(10) : new QuadraticTask(10);
        using var batch = task.CreateBatch();
        var parameters = new float[10];
        const int n = 20_000;
        var sum = 0.0;
        for (var i = 0u; i < n; i++)
        {
            var key = new TrajectoryKey(1, 0, i);
            task.Initialise(key, parameters);
            batch.Prepare(key.At(0), DataSplit.Train, RandomStream.DataOrder);
            sum += batch.Loss(parameters);
        }

        Assert.Equal(expected, sum / n, 4 * Math.Sqrt(variance / n));
    }

    [Fact]
    public void Arms_differ_only_by_their_thetas()
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableSgd(0.1));
        using var unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        float[] thetas = [-2f, -2f];
        var losses = new StepLoss[20];
        Run(unroll, thetas, losses, 0, 10);
        for (var step = 0; step < 10; step++)
        {
            Assert.Equal(losses[2 * step].Loss, losses[(2 * step) + 1].Loss);
        }
    }

    [Fact]
    public void A_saved_pair_goes_on_with_the_same_bits()
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(0.1));
        using var unroll = problem.CreateUnroll(2, ArmSet.Antithetic);
        using var other = problem.CreateUnroll(2, ArmSet.Antithetic);
        var thetas = new float[16];
        problem.InitialTheta(0, thetas.AsSpan(0, 4));
        for (var lane = 1; lane < 4; lane++)
        {
            thetas.AsSpan(0, 4).CopyTo(thetas.AsSpan(4 * lane));
            thetas[4 * lane] += 0.1f * lane;
        }

        var first = new StepLoss[20];
        var expected = new StepLoss[20];
        var actual = new StepLoss[20];
        RunSecondPair(unroll, thetas, first, 0, reset: true);
        var bytes = new byte[unroll.StateBytesPerPair];
        unroll.Save(1, bytes);
        other.Load(1, bytes);
        RunSecondPair(unroll, thetas, expected, 10, reset: false);
        RunSecondPair(other, thetas, actual, 10, reset: false);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_diverged_arm_is_frozen_until_its_reset_and_the_other_runs_on()
    {
        var problem = new OptimizedTask(new QuadraticTask(2), new LearnableSgd(0.1));
        using var unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        float[] thetas = [60f, -2f];
        var losses = new StepLoss[40];
        Run(unroll, thetas, losses, 0, 20);
        Assert.True(losses[38].Diverged);
        Assert.False(losses[39].Diverged);
        Assert.True(losses[39].Loss < losses[1].Loss);
        var bytes = new byte[unroll.StateBytesPerPair];
        unroll.Save(0, bytes);
        using var restored = problem.CreateUnroll(1, ArmSet.Antithetic);
        restored.Load(0, bytes);
        var after = new StepLoss[2];
        restored.Advance(
            [new Segment(0, Key, 20, 1, LossTime.BeforeUpdate, 0)], new ArmThetas<float>(thetas, 2, 1), after);
        Assert.True(after[0].Diverged);
        Run(unroll, [-2f, -2f], losses, 0, 20);
        Assert.False(losses[38].Diverged);
    }

    [Fact]
    public void Loss_after_the_update_is_the_next_loss_before_it()
    {
        var problem = new OptimizedTask(new QuadraticTask(3), new LearnableSgd(0.1));
        using var before = problem.CreateUnroll(1, ArmSet.CentreOnly);
        using var after = problem.CreateUnroll(1, ArmSet.CentreOnly);
        float[] theta = [-2f];
        var thetas = new ArmThetas<float>(theta, 1, 1);
        var early = new StepLoss[6];
        var late = new StepLoss[5];
        before.Reset(0, new Trajectory(Key, 6), thetas);
        after.Reset(0, new Trajectory(Key, 6), thetas);
        before.Advance([new Segment(0, Key, 0, 6, LossTime.BeforeUpdate, 0)], thetas, early);
        after.Advance([new Segment(0, Key, 0, 5, LossTime.SameBatchAfterUpdate, 0)], thetas, late);
        Assert.Equal(early[1..], late);
    }

    [Fact]
    public void A_fork_copies_the_centre_lane()
    {
        var problem = new OptimizedTask(new QuadraticTask(3), new LearnableAdam(0.1));
        using var unroll = (OptimizedUnroll)problem.CreateUnroll(1, ArmSet.AntitheticAndCentre);
        var thetas = new float[12];
        for (var arm = 0; arm < 3; arm++)
        {
            problem.InitialTheta(0, thetas.AsSpan(4 * arm, 4));
            thetas[4 * arm] += arm;
        }

        var losses = new StepLoss[30];
        var view = new ArmThetas<float>(thetas, 3, 4);
        unroll.Reset(0, new Trajectory(Key, 10), view);
        unroll.Advance([new Segment(0, Key, 0, 10, LossTime.BeforeUpdate, 0)], view, losses);
        Assert.False(unroll.Parameters(0, Arm.Positive).SequenceEqual(unroll.Parameters(0, Arm.Centre)));
        unroll.ForkFromCentre(0);
        Assert.True(unroll.Parameters(0, Arm.Positive).SequenceEqual(unroll.Parameters(0, Arm.Centre)));
        Assert.True(unroll.Parameters(0, Arm.Negative).SequenceEqual(unroll.Parameters(0, Arm.Centre)));
    }

    private static void Run(IUnroll<float> unroll, float[] thetas, StepLoss[] losses, int firstStep, int steps)
    {
        var view = new ArmThetas<float>(thetas, 2, thetas.Length / 2);
        unroll.Reset(0, new Trajectory(Key, steps), view);
        unroll.Advance([new Segment(0, Key, firstStep, steps, LossTime.BeforeUpdate, 0)], view, losses);
    }

    private static void RunSecondPair(
        IUnroll<float> unroll, float[] thetas, StepLoss[] losses, int firstStep, bool reset)
    {
        var view = new ArmThetas<float>(thetas, 2, 4);
        if (reset)
        {
            unroll.Reset(1, new Trajectory(Key, 20), view);
        }

        unroll.Advance([new Segment(1, Key, firstStep, 10, LossTime.BeforeUpdate, 0)], view, losses);
    }
}
