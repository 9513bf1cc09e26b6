using System.Numerics;
using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

public sealed class LearnableNesterovTests
{
    private const int Steps = 30;

    [Fact]
    public void Theta_starts_at_the_logarithms_of_the_hyper_parameters()
    {
        var optimizer = new LearnableNesterovOptions { LearningRate = 0.001, Momentum = 0.9 }.Create();
        Assert.Equal(["log_lr", "log_one_minus_momentum"], optimizer.Layout.Slices.Select(slice => slice.Name));
        Assert.Equal([-6.9077554f, -2.3025851f], Theta(optimizer));
    }

    [Fact]
    public void Updates_follow_a_naive_loop_in_double()
    {
        var optimizer = new LearnableNesterov(0.02, 0.75);
        var lane = new Lane(optimizer, [], [3, 7], [130]);
        lane.RandomStart();
        var theta = Theta(optimizer);
        var expected = Array.ConvertAll(lane.Parameters, value => (double)value);
        var velocity = new double[expected.Length];
        for (var step = 0; step < Steps; step++)
        {
            lane.RandomGradient(step);
            lane.Update(theta);
            for (var i = 0; i < lane.Length; i++)
            {
                double g = lane.Gradient[i];
                velocity[i] = (0.75 * velocity[i]) + g;
                expected[i] -= 0.02 * (g + (0.75 * velocity[i]));
                Assert.Equal(expected[i], lane.Parameters[i], 1e-5 * (1 + Math.Abs(expected[i])));
                Assert.Equal(velocity[i], lane.State[i], 1e-5 * (1 + Math.Abs(velocity[i])));
            }
        }
    }

    // On ½ h p² the parameters obey p' = (1 + μ) a p − μ a p_before with a = 1 − lr h, and p₁ = (1 − (1 + μ) lr h) p₀:
    // powers of the two roots of r² − (1 + μ) a r + μ a. The cases: oscillation, slow decay, no momentum.
    [Theory]
    [InlineData(0.1, 0.9, 1.0)]
    [InlineData(0.05, 0.5, 1.0)]
    [InlineData(0.1, 0.8, 7.0)]
    [InlineData(0.2, 0.0, 2.0)]
    public void A_quadratic_has_the_closed_form(double learningRate, double momentum, double curvature)
    {
        var optimizer = new LearnableNesterov(learningRate, momentum);
        var lane = new Lane(optimizer, [1]);
        lane.Start(1);
        var theta = Theta(optimizer);
        var a = 1 - (learningRate * curvature);
        var half = (1 + momentum) * a / 2;
        var root = Complex.Sqrt((half * half) - (momentum * a));
        var (r1, r2) = (half + root, half - root);
        var first = 1 - ((1 + momentum) * learningRate * curvature);
        var share = (first - r2) / (r1 - r2);
        var (power1, power2) = (share, 1 - share);
        for (var step = 1; step <= 40; step++)
        {
            lane.Update(theta, (float)curvature * lane.Parameters[0]);
            power1 *= r1;
            power2 *= r2;
            Assert.Equal((power1 + power2).Real, lane.Parameters[0], 2e-6);
        }
    }

    // The method as it was published: the gradient is taken at x plus μ times the velocity.
    [Fact]
    public void The_parameters_are_the_point_ahead_of_the_published_ones()
    {
        const double Rate = 0.1;
        const double Momentum = 0.9;
        var optimizer = new LearnableNesterov(Rate, Momentum);
        var lane = new Lane(optimizer, [1]);
        lane.Start(1);
        var theta = Theta(optimizer);
        var (x, velocity) = (1.0, 0.0);
        for (var step = 0; step < Steps; step++)
        {
            var ahead = x + (Momentum * velocity);
            Assert.Equal(ahead, lane.Parameters[0], 2e-6);
            velocity = (Momentum * velocity) - (Rate * Slope(ahead));
            x += velocity;
            lane.Update(theta, (float)Slope(lane.Parameters[0]));
        }

        static double Slope(double p) => p + (0.3 * p * p * p);
    }

    [Fact]
    public void Without_momentum_it_is_gradient_descent()
    {
        var (nesterov, sgd) = (new LearnableNesterov(0.02, 0), new LearnableSgd(0.02));
        var (lane, plain) = (new Lane(nesterov, [33, 9]), new Lane(sgd, [33, 9]));
        lane.RandomStart();
        plain.RandomStart();
        for (var step = 0; step < Steps; step++)
        {
            lane.RandomGradient(step);
            plain.RandomGradient(step);
            lane.Update(Theta(nesterov));
            plain.Update(Theta(sgd));
            Assert.Equal(plain.Parameters, lane.Parameters);
        }
    }

    [Fact]
    public void The_state_names_the_velocity_of_each_tensor()
    {
        var optimizer = new LearnableNesterov();
        var tensors = ThetaLayout.LayOut([("w", [2, 3]), ("b", [3])]);
        Assert.Equal(16, optimizer.StateLength(tensors));
        Assert.Equal(
            ["velocity/w 0 2x3", "velocity/b 6 3"],
            optimizer.DescribeState(tensors).Select(
                slot => $"{slot.Name} {slot.Offset} {string.Join('x', slot.Shape)}"));
    }

    private static float[] Theta(ILearnedOptimizer optimizer)
    {
        var theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(0, theta);
        return theta;
    }
}
