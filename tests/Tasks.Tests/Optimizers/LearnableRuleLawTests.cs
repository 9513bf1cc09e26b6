using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>What holds for every update rule whose theta is a few hyper-parameters.</summary>
public sealed class LearnableRuleLawTests
{
    private const int Steps = 20;

    public static TheoryData<string> Names => ["sgd", "sgdm", "nesterov", "adam", "rmsprop"];

    [Theory]
    [InlineData("sgd", 0)]
    [InlineData("sgdm", 1)]
    [InlineData("nesterov", 1)]
    [InlineData("adam", 2)]
    [InlineData("rmsprop", 1)]
    public void Padding_stays_zero_and_neighbours_do_not_matter(string name, int slots)
    {
        var optimizer = Rule(name);
        LaneLaws.PaddingStaysZeroAndNeighboursDoNotMatter(optimizer, Theta(optimizer), slots, Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_update_allocates_nothing(string name)
    {
        var optimizer = Rule(name);
        var lane = new Lane(optimizer, [64, 32], [32]);
        var theta = Theta(optimizer);
        lane.RandomGradient(0);
        Assert.Equal(0, Allocation.OfEachCall(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                optimizer.Update(theta, lane.Tensors, lane.Parameters, lane.State, lane.Gradient);
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_trains_a_quadratic_in_an_unroll(string name)
    {
        var problem = new OptimizedTask(new QuadraticTask(10), Rule(name));
        using var unroll = problem.CreateUnroll(1, ArmSet.CentreOnly);
        var theta = Theta(problem.Optimizer);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        var key = new TrajectoryKey(1, 0, 0);
        var losses = new StepLoss[400];
        unroll.Reset(0, new Trajectory(key, losses.Length), thetas);
        unroll.Advance([new Segment(0, key, 0, losses.Length, LossTime.BeforeUpdate, 0)], thetas, losses);
        Assert.InRange(losses[^1].Loss, 0, 1e-3 * losses[0].Loss);
    }

    private static ILearnedOptimizer Rule(string name) => name switch
    {
        "sgd" => new LearnableSgd(0.05),
        "sgdm" => new LearnableSgdm(),
        "nesterov" => new LearnableNesterov(),
        "adam" => new LearnableAdam(0.05),
        "rmsprop" => new LearnableRmsProp(0.01),
        _ => throw new ArgumentException($"no rule {name}", nameof(name)),
    };

    private static float[] Theta(ILearnedOptimizer optimizer)
    {
        var theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(0, theta);
        return theta;
    }
}
