using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

/// <summary>What a user does with a task of their own: check its gradient, then train optimizers on it.</summary>
public sealed class UserTaskTests
{
    private static readonly TrajectoryKey Trajectory = new(7, 0, 3);

    [Fact]
    public void Its_gradient_agrees_with_finite_differences()
    {
        var task = Task();
        using var batch = task.CreateBatch();
        var parameters = new float[4];
        var gradient = new float[4];
        task.Initialise(Trajectory, parameters);
        batch.Prepare(Trajectory.At(5), DataSplit.Train, RandomStream.DataOrder);
        Assert.Equal(batch.Loss(parameters), batch.LossAndGradient(parameters, gradient));
        for (var i = 0; i < parameters.Length; i++)
        {
            // The loss is quadratic, so only rounding is left; 1/64 keeps the moved parameters almost exact.
            const float Step = 1f / 64;
            var value = parameters[i];
            parameters[i] = value + Step;
            var above = (Loss: batch.Loss(parameters), At: (double)parameters[i]);
            parameters[i] = value - Step;
            var below = (Loss: batch.Loss(parameters), At: (double)parameters[i]);
            parameters[i] = value;
            Assert.Equal((above.Loss - below.Loss) / (above.At - below.At), gradient[i], 1e-4);
        }
    }

    [Fact]
    public void What_a_task_does_not_say_has_defaults()
    {
        IInnerTask task = Task();
        Assert.Equal(Losses.UnboundedCeiling, task.CeilingLoss);
        Assert.Equal(3.5, task.Normalize(3.5));
        Assert.Equal(Losses.UnboundedCeiling, task.Normalize(double.MaxValue));
        Assert.Empty(task.DescribeSample(Trajectory));
    }

    [Fact]
    public void Meta_training_improves_adam_on_it() => AssertImproves(new LearnableAdam(0.01));

    [Fact]
    public void Meta_training_improves_a_learned_optimizer_on_it() => AssertImproves(new MlpOptimizer());

    // 200 measurements of y = 2 x₀ − x₁ + ½ x₂ + 1 with a little noise.
    private static LeastSquares Task()
    {
        var numbers = new TrajectoryKey(1, 0, 0).Stream(RandomStream.TaskSample);
        var inputs = new float[200][];
        var targets = new float[inputs.Length];
        for (var n = 0; n < inputs.Length; n++)
        {
            var x = inputs[n] = [.. Enumerable.Range(0, 3).Select(i => (float)numbers.Normal((uint)((4 * n) + i)))];
            targets[n] = (2 * x[0]) - x[1] + (x[2] / 2) + 1 + (0.1f * (float)numbers.Normal((uint)((4 * n) + 3)));
        }

        return new LeastSquares(inputs, targets, batchSize: 20);
    }

    private static void AssertImproves(ILearnedOptimizer optimizer)
    {
        var plan = new TrainingPlan<float>(
            new OptimizedTask(Task(), optimizer),
            new PersistentES<float>(),
            new GaussianNoise<float>(0.03),
            new ConstantSchedule(40),
            new WindowSettings(Seed: 1, Window: 10, InitialOffset: 40),
            new MetaAdam<float>(0.03),
            Pairs: 16);
        var losses = new SequentialTrainer<float>(plan).Run(150).Select(step => step.MeanLoss).ToArray();
        var (first, last) = (losses[..10].Average(), losses[^10..].Average());
        Assert.True(last < 0.7 * first, $"mean loss {first:g4} at first, {last:g4} at last");
    }
}
