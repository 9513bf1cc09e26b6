using Involute.Actors.Learning;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Schedules;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class HopelessWatchTests
{
    // Two windows for two mean trajectories.
    private static readonly TrainingPlan<float> Plan = TestPlans.Sgd() with { Schedule = new ConstantSchedule(4) };

    [Fact]
    public void Steps_in_which_every_arm_diverged_are_counted_in_a_row()
    {
        var watch = new HopelessWatch(Plan, () => 3);
        Assert.Null(Fatal(watch, 1, gradient: 1, 2, 2, 2));
        Assert.Null(Fatal(watch, 2, gradient: 1, 2, 2, 2));
        Assert.Null(Fatal(watch, 3, gradient: 1, 2, 1, 2));
        Assert.Null(Fatal(watch, 4, gradient: 1, 2, 2, 2));
        Assert.Null(Fatal(watch, 5, gradient: 1, 2, 2, 2));
        Assert.Equal(
            "hopeless: in each of the last 3 outer steps, up to 6, every arm of every pair diverged (mean loss 2.5); what may "
                + "help: a lower learning rate of the optimizer, or a smaller sigma, or involute.max-hopeless-steps = off",
            Fatal(watch, 6, gradient: 1, 2, 2, 2));
    }

    [Fact]
    public void Steps_with_a_zero_gradient_are_counted_in_a_row()
    {
        var watch = new HopelessWatch(Plan, () => 2);
        Assert.Null(Fatal(watch, 1, gradient: 0, 0));
        Assert.Null(Fatal(watch, 2, gradient: 1e-30, 0));
        Assert.Null(Fatal(watch, 3, gradient: 0, 0));
        Assert.StartsWith(
            "hopeless: in each of the last 2 outer steps, up to 4, the gradient was zero", Fatal(watch, 4, gradient: 0, 0),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_comes_at_the_end_of_long_trajectories_is_waited_for()
    {
        var watch = new HopelessWatch(Plan with { Schedule = new ConstantSchedule(400) }, () => 2);
        for (var step = 1; step < 200; step++)
        {
            Assert.Null(Fatal(watch, step, gradient: 0, 0));
        }

        Assert.NotNull(Fatal(watch, 200, gradient: 0, 0));
    }

    [Fact]
    public void Without_a_limit_nothing_ends_the_run()
    {
        var watch = new HopelessWatch(Plan, () => null);
        for (var step = 1; step < 1000; step++)
        {
            Assert.Null(Fatal(watch, step, gradient: 0, 2));
        }
    }

    private static string? Fatal(HopelessWatch watch, int step, double gradient, params int[] diverged) => watch.Fatal(
        step, 2.5, gradient, [.. diverged.Select((arms, pair) => new PairReport(pair, 0, 4, 4, 2.5, 0, arms, 0))]);
}
