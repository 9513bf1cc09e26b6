using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;
using YourOwnComponents;

namespace Involute.Estimators.Tests;

/// <summary>Tests the components of samples/YourOwnComponents: users copy them, mistakes included.</summary>
public sealed class SampleComponentsTests
{
    [Fact]
    public void The_tasks_gradient_is_that_of_its_loss()
    {
        var task = new SineFitOptions { Bumps = 7 }.Create();
        using var batch = task.CreateBatch();
        batch.Prepare(new TrajectoryKey(1, 2, 3).At(4), DataSplit.Train, RandomStream.DataOrder);
        float[] parameters = [0.3f, -0.2f, 0.5f, 1, 0, -1, 0.1f];
        var gradient = new float[parameters.Length];
        batch.LossAndGradient(parameters, gradient);
        for (var i = 0; i < parameters.Length; i++)
        {
            const float Step = 1e-2f;
            var (up, down) = ((float[])parameters.Clone(), (float[])parameters.Clone());
            up[i] += Step;
            down[i] -= Step;
            Assert.Equal((batch.Loss(up) - batch.Loss(down)) / (up[i] - down[i]), gradient[i], 1e-4);
        }
    }

    [Fact]
    public void With_a_whole_memory_the_estimator_is_persistent_es_bit_for_bit()
    {
        var expected = Hashes(new PersistentESOptions());
        Assert.Equal(expected, Hashes(new FadingPESOptions { Memory = 1 }));
        Assert.NotEqual(expected, Hashes(new FadingPESOptions { Memory = 0.5 }));
    }

    [Fact]
    public void The_optimizer_leaves_its_padding_at_zero_and_makes_steps_of_its_size()
    {
        var optimizer = new SignMomentumOptions { LearningRate = 0.25, Decay = 0 }.Create();
        var theta = new float[2];
        optimizer.InitialTheta(0, theta);
        var (parameters, state, gradient) = (new float[16], new float[16], new float[16]);
        (gradient[0], gradient[1]) = (3, -0.001f);
        optimizer.Update(theta, [], parameters, state, gradient);
        Assert.Equal(-0.25f, parameters[0], 1e-6f);
        Assert.Equal(0.25f, parameters[1], 1e-6f);
        Assert.All(parameters[2..].Concat(state[2..]), value => Assert.Equal(0, value));
    }

    private static string[] Hashes(EstimatorOptions estimator)
    {
        var plan = new TrainingPlan<float>(
            new OptimizedTask(new SineFitOptions().Create(), new LearnableSgdOptions().Create()),
            estimator.Create<float>(),
            new GaussianNoise<float>(0.1),
            new LogUniformSchedule(10, 60),
            new WindowSettings(Seed: 3, Window: 15, InitialOffset: 30),
            new MetaSgd<float>(0.05),
            Pairs: 3);
        return [.. new SequentialTrainer<float>(plan).Run(6).Select(step => step.State.Theta.HashText())];
    }
}
