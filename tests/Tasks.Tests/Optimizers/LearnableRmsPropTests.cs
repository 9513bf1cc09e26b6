using Involute.Tasks.Optimizers;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

public sealed class LearnableRmsPropTests
{
    private const int Steps = 30;

    [Fact]
    public void Theta_starts_at_the_logarithms_of_the_hyper_parameters()
    {
        var optimizer = new LearnableRmsPropOptions { LearningRate = 0.001, Decay = 0.9 }.Create();
        Assert.Equal(["log_lr", "log_one_minus_decay"], optimizer.Layout.Slices.Select(slice => slice.Name));
        Assert.Equal([-6.9077554f, -2.3025851f], Theta(optimizer));
    }

    [Fact]
    public void Updates_follow_a_naive_loop_in_double()
    {
        var optimizer = new LearnableRmsProp(0.02, 0.75);
        var lane = new Lane(optimizer, [], [3, 7], [130]);
        lane.RandomStart();
        var theta = Theta(optimizer);
        var expected = Array.ConvertAll(lane.Parameters, value => (double)value);
        var meanSquares = new double[expected.Length];
        for (var step = 0; step < Steps; step++)
        {
            lane.RandomGradient(step);
            lane.Update(theta);
            for (var i = 0; i < lane.Length; i++)
            {
                double g = lane.Gradient[i];
                meanSquares[i] = (0.75 * meanSquares[i]) + (0.25 * g * g);
                expected[i] -= 0.02 * g / (Math.Sqrt(meanSquares[i]) + 1e-8);
                Assert.Equal(expected[i], lane.Parameters[i], 1e-5 * (1 + Math.Abs(expected[i])));
                Assert.Equal(meanSquares[i], lane.State[i], 2e-6 * meanSquares[i]);
            }
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.1f)]
    [InlineData(1e4f)]
    public void The_first_step_is_the_learning_rate_over_the_root_of_one_minus_the_decay(float gradient)
    {
        var lane = new Lane(new LearnableRmsProp(0.01, 0.96), [1]);
        lane.Update(Theta(new LearnableRmsProp(0.01, 0.96)), gradient);
        Assert.Equal(-Math.Sign(gradient) * 0.01 / 0.2, lane.Parameters[0], 1e-6);
    }

    [Fact]
    public void Without_a_gradient_nothing_moves_and_the_mean_square_decays()
    {
        var lane = new Lane(new LearnableRmsProp(0.01, 0.5), [1]);
        var theta = Theta(new LearnableRmsProp(0.01, 0.5));
        lane.Update(theta, 0);
        Assert.Equal((0f, 0f), (lane.Parameters[0], lane.State[0]));
        lane.Update(theta, 2);
        var moved = lane.Parameters[0];
        lane.Update(theta, 0);
        Assert.Equal((moved, 1f), (lane.Parameters[0], lane.State[0]));
    }

    [Fact]
    public void The_state_names_the_mean_square_of_each_tensor()
    {
        var optimizer = new LearnableRmsProp();
        var tensors = ThetaLayout.LayOut([("w", [2, 3]), ("b", [3])]);
        Assert.Equal(16, optimizer.StateLength(tensors));
        Assert.Equal(
            ["v/w 0 2x3", "v/b 6 3"],
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
