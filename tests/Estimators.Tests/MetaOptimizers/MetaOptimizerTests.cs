using Involute.Estimators.MetaOptimizers;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.MetaOptimizers;

public sealed class MetaOptimizerTests
{
    // The reference system: log_lr 0, SGD(3), gradients 1 and 0 → −1.5.
    [Fact]
    public void Sgd_of_the_mean_gradient_matches_the_reference()
    {
        double[] theta = [0];
        new MetaSgd<double>(3).Update(theta, [], [(1 + 0) / 2.0]);
        Assert.Equal(-1.5, theta[0]);
    }

    // The reference system: Adam(1e-4), first step, g = 1.
    [Fact]
    public void Adam_takes_its_exact_first_step()
    {
        double[] theta = [0];
        var adam = new MetaAdam<double>(1e-4);
        adam.Update(theta, new double[adam.StateLength(1)], [1]);
        Assert.Equal(-9.99999985e-05, theta[0], 1e-14);
    }

    [Fact]
    public void Adam_follows_its_formula_with_powers()
    {
        double[] theta = [0];
        var adam = new MetaAdam<double>(0.1, 0.9, 0.99, 1e-3, 0);
        var state = new double[adam.StateLength(1)];
        double m = 0, v = 0, power1 = 1, power2 = 1, expected = 0;
        for (var step = 1; step <= 100; step++)
        {
            var g = 1.0 / step;
            adam.Update(theta, state, [g]);
            m = (0.9 * m) + (0.1 * g);
            v = (0.99 * v) + (0.01 * g * g);
            power1 *= 0.9;
            power2 *= 0.99;
            expected -= 0.1 * (m / (1 - power1)) / (Math.Sqrt(v / (1 - power2)) + 1e-3);
            Assert.Equal(expected, theta[0], 1e-12);
        }
    }

    [Fact]
    public void Clipping_by_value_clips_each_entry()
    {
        double[] theta = [0, 0, 0];
        new ClipByValue<double>(new MetaSgd<double>(1), 3).Update(theta, [], [5, -4, 1]);
        Assert.Equal([-3, 3, -1], theta);
    }

    [Fact]
    public void Clipping_by_norm_keeps_the_direction()
    {
        double[] theta = [0, 0];
        var clipped = new ClipByGlobalNorm<double>(new MetaSgd<double>(1), 1);
        clipped.Update(theta, [], [30, 40]);
        Assert.Equal(-0.6, theta[0], 1e-15);
        Assert.Equal(-0.8, theta[1], 1e-15);
        double[] small = [0, 0];
        clipped.Update(small, [], [0.3, 0.4]);
        Assert.Equal([-0.3, -0.4], small);
    }

    [Fact]
    public void The_norm_survives_values_whose_squares_overflow() =>
        Assert.Equal(5e200, GradientNorm.Of([3e200, -4e200]), 1e190);

    [Fact]
    public void An_accumulator_applies_the_mean_of_every_nth_gradients()
    {
        double[] theta = [0], expected = [0];
        var adam = new MetaAdam<double>(0.1);
        var accumulated = new GradientAccumulator<double>(adam, 3);
        var state = new double[accumulated.StateLength(1)];
        var memory = new double[adam.StateLength(1)];
        double[][] rounds = [[1, 2, 6], [-3, 0, 0]];
        foreach (var round in rounds)
        {
            foreach (var gradient in round)
            {
                Assert.Equal(expected, theta);
                accumulated.Update(theta, state, [gradient]);
            }

            adam.Update(expected, memory, [round.Average()]);
            Assert.Equal(expected, theta);
        }
    }

    [Fact]
    public void A_learning_rate_follows_the_schedule_of_its_own_updates()
    {
        double[] theta = [0];
        var schedule = new PiecewiseLinear((0, 1), (2, 3));
        var sgd = new ScheduledLearningRate<double>(schedule, rate => new MetaSgd<double>(rate));
        var state = new double[sgd.StateLength(1)];
        foreach (var expected in new[] { -1.0, -3, -6, -9 })
        {
            sgd.Update(theta, state, [1]);
            Assert.Equal(expected, theta[0]);
        }
    }

    // The schedule inside an accumulator counts applications.
    [Fact]
    public void Wrappers_keep_one_flat_memory()
    {
        var scheduled = new ScheduledLearningRate<double>(
            new ConstantValue(0.1), rate => new MetaAdam<double>(rate));
        var wrapped = new ClipByValue<double>(new GradientAccumulator<double>(scheduled, 2), 3);
        Assert.Equal(1 + 4 + 1 + ((2 * 4) + 2), wrapped.StateLength(4));
        double[] theta = [0, 0, 0, 0];
        var state = new double[wrapped.StateLength(4)];
        for (var step = 0; step < 4; step++)
        {
            wrapped.Update(theta, state, [1, 1, 1, 1]);
        }

        Assert.Equal(2, state[5]);
    }
}
