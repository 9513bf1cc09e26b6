using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>A learned optimizer outside of this program's loop does what it does inside.</summary>
public sealed class OptimizerSessionTests
{
    private const int Steps = 25;

    private static readonly TrajectoryKey Key = new(5, 0, 3);

    public static TheoryData<ILearnedOptimizer> Optimizers =>
    [
        new LearnableSgd(0.1), new LearnableSgdm(0.1, 0.9), new LearnableAdam(0.1), new LearnableRmsProp(),
        new LearnableNesterov(), new MlpOptimizer(), new AdafacMlpOptimizer(),
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void It_gives_the_bits_of_an_unroll(ILearnedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var task = new QuadraticTask(11);
        var theta = Theta(optimizer);
        using var unroll = new LaneUnroll(new OptimizedTask(task, optimizer), 1, ArmSet.CentreOnly);
        var thetas = new ArmThetas<float>(theta, 1, theta.Length);
        unroll.Reset(0, new Trajectory(Key, 100), thetas);
        var losses = new StepLoss[Steps];
        unroll.Advance([new Segment(0, Key, 0, Steps, LossTime.BeforeUpdate, 0)], thetas, losses);

        var parameters = Start(task);
        using var session = new OptimizerSession(optimizer, theta, task.Parameters, horizon: 100);
        Train(session, task, parameters, Steps);

        Assert.Equal(Steps, session.Steps);
        Assert.Equal(unroll.Parameters(0, Arm.Centre), parameters);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void It_goes_on_from_a_saved_state(ILearnedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var task = new QuadraticTask(11);
        var (whole, halves) = (Start(task), Start(task));
        using var one = new OptimizerSession(optimizer, Theta(optimizer), task.Parameters, horizon: 100);
        Train(one, task, whole, Steps);

        using var first = new OptimizerSession(optimizer, Theta(optimizer), task.Parameters, horizon: 100);
        Train(first, task, halves, 10);
        using var second = new OptimizerSession(optimizer, Theta(optimizer), task.Parameters, horizon: 100);
        second.Load(first.Save(), first.Steps);
        Train(second, task, halves, Steps - 10);

        Assert.Equal(whole, halves);
        Assert.Equal(Steps, second.Steps);
    }

    [Fact]
    public void Vectors_of_another_length_are_refused()
    {
        var optimizer = new LearnableAdam();
        var tensors = ThetaLayout.LayOut([("w", [2, 3])]);
        Assert.Contains(
            "theta has 3 numbers, and adam has 4",
            Assert.Throws<ArgumentException>(() => new OptimizerSession(optimizer, new float[3], tensors, 10)).Message,
            StringComparison.Ordinal);

        using var session = new OptimizerSession(optimizer, new float[4], tensors, 10);
        Assert.Throws<ArgumentException>(() => session.Update(new float[6], new float[5]));
        Assert.Throws<ArgumentException>(() => session.Update(new float[7], new float[6]));
        Assert.Throws<ArgumentException>(() => session.Load(new float[3], 1));
    }

    private static float[] Theta(ILearnedOptimizer optimizer)
    {
        var theta = new float[optimizer.Layout.Length];
        optimizer.InitialTheta(7, theta);
        return theta;
    }

    private static float[] Start(QuadraticTask task)
    {
        var parameters = new float[11];
        task.Initialise(Key, parameters);
        return parameters;
    }

    private static void Train(OptimizerSession session, QuadraticTask task, float[] parameters, int steps)
    {
        using var batch = task.CreateBatch();
        var gradient = new float[parameters.Length];
        for (var step = 0; step < steps; step++)
        {
            batch.LossAndGradient(parameters, gradient);
            session.Update(parameters, gradient);
        }
    }
}
