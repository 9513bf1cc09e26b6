using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

public sealed class SequentialTrainerTests
{
    private static TrainingPlan<float> Plan(int pairsPerActor, long seed = 1) => new(
        new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(1e-3)),
        new PersistentES<float>(),
        new GaussianNoise<float>(0.1),
        new ConstantSchedule(40),
        new WindowSettings(seed, 10, 40),
        new MetaAdam<float>(0.05),
        Pairs: 8,
        PairsPerActor: pairsPerActor);

    [Fact]
    public void Meta_training_lowers_the_meta_loss()
    {
        var losses = new SequentialTrainer<float>(Plan(1)).Run(300).Select(step => step.MeanLoss).ToArray();
        Assert.True(losses[^50..].Average() < 0.6 * losses[..20].Average());
    }

    [Fact]
    public void The_same_plan_gives_the_same_bits_and_another_seed_does_not()
    {
        var first = Hashes(Plan(1), 20);
        Assert.Equal(first, Hashes(Plan(1), 20));
        Assert.NotEqual(first[^1], Hashes(Plan(1, seed: 2), 20)[^1]);
    }

    [Fact]
    public void A_contribution_that_is_missing_repeated_or_of_another_theta_is_refused()
    {
        var plan = Plan(1);
        var slot = new ComputeSlot<float>();
        var state = OuterState<float>.Initial(plan);
        var contributions = plan.Blocks().Select(block =>
        {
            using var pair = new PairState<float>(plan, block);
            return pair.RunWindow(state.Theta, slot);
        }).ToArray();
        var update = new OuterUpdate<float>(plan);
        Assert.Equal(1, update.Apply(state, contributions).Version.Value);
        Assert.Throws<ArgumentException>(() => update.Apply(state, contributions[1..]));
        Assert.Throws<ArgumentException>(() => update.Apply(state, [.. contributions[..7], contributions[6]]));
        Assert.Throws<ArgumentException>(() => update.Apply(update.Apply(state, contributions).State, contributions));
    }

    // Only the order of the sums differs.
    [Theory]
    [InlineData("pes")]
    [InlineData("full")]
    [InlineData("tes")]
    [InlineData("tes-positive")]
    [InlineData("nres")]
    [InlineData("gpes3")]
    [InlineData("telescoping-pes")]
    [InlineData("pes-analytic")]
    [InlineData("tbptt")]
    [InlineData("rtrl")]
    public void Pairs_that_share_an_actor_give_the_theta_of_pairs_that_do_not(string estimator)
    {
        var plan = new TrainingPlan<double>(
            new StepProblem<double>(new SmoothedQuadratic<double>([1], [1], 0.3)),
            Problems.Estimators.Of(estimator),
            new GaussianNoise<double>(0.1),
            new LogUniformSchedule(3, 20),
            new WindowSettings(1, 7, 20),
            new MetaSgd<double>(0.01),
            Pairs: 8);
        var expected = new SequentialTrainer<double>(plan).Run(50).Last().State.Theta.Values[0];
        Assert.NotEqual(0.3, expected);
        foreach (var pairsPerActor in new[] { 3, 8 })
        {
            var stacked = new SequentialTrainer<double>(plan with { PairsPerActor = pairsPerActor }).Run(50).Last();
            Assert.Equal(expected, stacked.State.Theta.Values[0], 1e-12);
        }
    }

    private static string[] Hashes(TrainingPlan<float> plan, int steps) =>
        [.. new SequentialTrainer<float>(plan).Run(steps).Select(step => step.State.Theta.HashText())];
}
