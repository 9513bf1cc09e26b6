using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

public sealed class TruncatedTrainingTests
{
    private static readonly OptimizedTask Problem = new(new FixedDimQuadraticFamily(5), new LearnableSgdm(0.01));
    private static readonly Theta<float> Theta = Theta<float>.Initial(Problem);

    [Fact]
    public void A_horizon_is_that_many_steps_and_the_next_step_trains_a_new_trajectory()
    {
        using var training = new TruncatedTraining<float>(Problem, new ConstantSchedule(4), tasks: 2, seed: 7);
        var steps = training.Train(Theta, 12);
        Assert.All(steps, step => Assert.Equal(2, step.Count));
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], steps.Select(step => step[1].InnerStep));
        Assert.Equal([3, 7, 11], Enumerable.Range(0, 12).Where(step => steps[step][1].Done));
        for (var task = 0; task < 2; task++)
        {
            double[] whole = [.. Whole(7, task, 0, 4), .. Whole(7, task, 1, 4), .. Whole(7, task, 2, 4)];
            Assert.Equal(whole, steps.Select(step => step[task].Loss));
        }
    }

    [Fact]
    public void Tasks_with_an_offset_stand_where_the_pairs_of_a_run_do()
    {
        var schedule = new LogUniformSchedule(5, 30);
        using var training = new TruncatedTraining<float>(Problem, schedule, tasks: 6, offset: 30, seed: 2);
        using var pairs = new AllPairs<float>(TrainingPlan.Create(
            Problem, new PersistentES<float>(), schedule, pairs: 6, window: 1, offset: 30, seed: 2));
        for (var step = 0; step < 100; step++)
        {
            Assert.Equal(pairs.InnerSteps, training.InnerSteps);
            pairs.Estimate(Theta);
            training.Step(Theta);
        }

        Assert.True(training.InnerSteps.Distinct().Count() > 1);
    }

    [Fact]
    public void A_task_that_diverges_reports_the_ceiling_until_its_trajectory_ends()
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(5), new LearnableSgdm(90));
        using var training = new TruncatedTraining<float>(problem, new ConstantSchedule(50));
        var losses = training.Train(Theta<float>.Initial(problem), 51).Select(step => step[0].Loss).ToArray();
        Assert.Equal(problem.CeilingLoss, losses[49]);
        Assert.True(losses[0] < 100 && losses[50] < 100);
    }

    [Fact]
    public void A_theta_of_another_length_and_numbers_out_of_range_are_refused()
    {
        using var training = new TruncatedTraining<float>(Problem, new ConstantSchedule(4));
        Assert.Throws<ArgumentException>(() => training.Step(new Theta<float>(new ThetaVersion(0), [1, 2, 3])));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TruncatedTraining<float>(Problem, new ConstantSchedule(4), tasks: 0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TruncatedTraining<float>(Problem, new ConstantSchedule(4), offset: -1));
    }

    private static double[] Whole(long seed, int task, uint trajectory, int horizon)
    {
        using var unroll = Problem.CreateUnroll(1, ArmSet.CentreOnly);
        var key = new TrajectoryKey(seed, task, trajectory);
        var thetas = new ArmThetas<float>(Theta.Values, 1, Theta.Values.Length);
        unroll.Reset(0, new Trajectory(key, horizon), thetas);
        var losses = new StepLoss[horizon];
        unroll.Advance([new Segment(0, key, 0, horizon, LossTime.BeforeUpdate, 0)], thetas, losses);
        return [.. losses.Select(loss => loss.Loss)];
    }
}
