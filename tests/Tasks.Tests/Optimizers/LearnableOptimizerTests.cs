using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

public sealed class LearnableOptimizerTests
{
    // The reference system prints these to float precision.
    [Fact]
    public void Adam_starts_from_the_logarithms_of_its_hyper_parameters()
    {
        var theta = new float[4];
        new LearnableAdam().InitialTheta(0, theta);
        Assert.Equal(-6.9077554f, theta[0]);
        Assert.Equal(-2.3025851f, theta[1]);
        Assert.Equal(-6.9077554f, theta[2]);
        Assert.Equal(-18.420681f, theta[3]);
    }

    [Fact]
    public void Adam_takes_a_first_step_of_its_learning_rate()
    {
        var step = Steps(new LearnableAdam(1e-4), gradient: 1, count: 1)[0];
        Assert.Equal(-9.99999985e-05, step, 1e-5 * 1e-4);
    }

    [Fact]
    public void Adam_follows_its_formula_in_double_for_many_steps()
    {
        var steps = Steps(new LearnableAdam(0.01, 0.9, 0.99, 1e-3), gradient: 0.5, count: 50);
        double m = 0, v = 0, power1 = 1, power2 = 1, p = 0;
        foreach (var actual in steps)
        {
            m += 0.1 * (0.5 - m);
            v += 0.01 * (0.25 - v);
            power1 *= 0.9;
            power2 *= 0.99;
            p -= 0.01 * (m / (1 - power1)) / (Math.Sqrt((v / (1 - power2)) + 1e-8) + 1e-3);
            Assert.Equal(p, actual, Math.Abs(p) * 3e-6);
        }
    }

    // The reference system: losses of SGDM(0.01, 0.9) on Σ p², relative to the first.
    [Fact]
    public void Momentum_gives_the_reference_losses()
    {
        double[] expected = [1, 0.9604, 0.88811776, 0.791587442944, 0.679797875442074, 0.561475206382109];
        var problem = new OptimizedTask(new QuadraticTask(10), new LearnableSgdm());
        using var unroll = problem.CreateUnroll(1, ArmSet.CentreOnly);
        var losses = new StepLoss[expected.Length];
        Unroll(problem, unroll, losses);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], losses[i].Loss / losses[0].Loss, 2e-6);
        }
    }

    [Fact]
    public void Updates_leave_the_padding_at_zero()
    {
        foreach (ILearnedOptimizer optimizer in new ILearnedOptimizer[]
        {
            new LearnableSgd(), new LearnableSgdm(), new LearnableAdam(),
        })
        {
            var tensors = ThetaLayout.LayOut([("p", [5])]);
            var theta = new float[optimizer.Layout.Length];
            optimizer.InitialTheta(0, theta);
            var parameters = new float[AlignedBuffer.Padded(5)];
            var gradient = new float[parameters.Length];
            gradient.AsSpan(0, 5).Fill(1);
            var state = new float[AlignedBuffer.Padded(optimizer.StateLength(tensors))];
            optimizer.Initialise(tensors, 10, state);
            optimizer.Update(theta, tensors, parameters, state, gradient);
            Assert.All(parameters[..5], value => Assert.NotEqual(0, value));
            Assert.All(parameters[5..], value => Assert.Equal(0, value));
        }
    }

    private static double[] Steps(LearnableAdam optimizer, double gradient, int count)
    {
        var tensors = ThetaLayout.LayOut([("p", [1])]);
        var theta = new float[4];
        optimizer.InitialTheta(0, theta);
        var parameters = new float[AlignedBuffer.Unit];
        var gradients = new float[AlignedBuffer.Unit];
        gradients[0] = (float)gradient;
        var state = new float[AlignedBuffer.Padded(optimizer.StateLength(tensors))];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            optimizer.Update(theta, tensors, parameters, state, gradients);
            return (double)parameters[0];
        })];
    }

    private static void Unroll(OptimizedTask problem, IUnroll<float> unroll, StepLoss[] losses)
    {
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(0, theta);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        var key = new TrajectoryKey(1, 0, 0);
        unroll.Reset(0, new Trajectory(key, losses.Length), thetas);
        unroll.Advance([new Segment(0, key, 0, losses.Length, LossTime.BeforeUpdate, 0)], thetas, losses);
    }
}
