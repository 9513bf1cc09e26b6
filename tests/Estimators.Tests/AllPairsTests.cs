using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests;

/// <summary>The library as a notebook uses it: a plan, its pairs, estimates, a loop of one's own.</summary>
public sealed class AllPairsTests
{
    private static readonly OptimizedTask Problem = new(new FixedDimQuadraticFamily(5), new LearnableAdam(0.01));

    private static readonly TrainingPlan<float> Plan = TrainingPlan.Create(
        Problem, new PersistentES<float>(), new ConstantSchedule(40), pairs: 5, window: 15, offset: 40, seed: 3) with
    {
        PairsPerActor = 2,
    };

    [Fact]
    public void A_plan_is_what_its_long_form_is()
    {
        var plan = TrainingPlan.Create(
            Problem, new FullES<float>(), new ConstantSchedule(7), pairs: 2, window: 3, offset: 4, sigma: 0.5, seed: 6,
            metaOptimizer: new MetaSgd<float>(0.1));
        var full = new TrainingPlan<float>(
            Problem, plan.Estimator, plan.Noise, plan.Schedule, new WindowSettings(6, 3, 4), plan.MetaOptimizer, 2);
        Assert.Equal(full, plan);
        Assert.Equal(0.5, Assert.IsType<GaussianNoise<float>>(plan.Noise).Sigma);
    }

    [Fact]
    public void What_a_plan_does_not_say_is_as_in_the_reference_configuration()
    {
        var plan = TrainingPlan.Create(Problem, new FullES<float>(), new ConstantSchedule(7));
        var reference = File.ReadAllText(Repository.File("hocon", "reference.conf"));
        Assert.Contains($"\n  pairs = {plan.Pairs}\n", reference, StringComparison.Ordinal);
        Assert.Contains($"\n  window = {plan.Windows.Window}\n", reference, StringComparison.Ordinal);
        Assert.Contains($"\n  sigma = {Assert.IsType<GaussianNoise<float>>(plan.Noise).Sigma}\n", reference, StringComparison.Ordinal);
        Assert.Contains($"\n  seed = {plan.Windows.Seed}\n", reference, StringComparison.Ordinal);
        Assert.Equal("adam", plan.MetaOptimizer.Name);
        Assert.Equal(new WindowSettings(0, 50), plan.Windows);
    }

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(1, 1, -1, 1)]
    [InlineData(1, 1, 0, 0)]
    public void Numbers_out_of_range_are_refused(int pairs, int window, int offset, double sigma) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingPlan.Create(
            Problem, new FullES<float>(), new ConstantSchedule(7), pairs, window, offset, sigma));

    [Fact]
    public void An_estimate_is_the_mean_that_an_outer_step_applies()
    {
        using var pairs = new AllPairs<float>(Plan);
        using var twins = new AllPairs<float>(Plan);
        var state = OuterState<float>.Initial(Plan);
        var update = new OuterUpdate<float>(Plan);
        for (var step = 0; step < 6; step++)
        {
            var before = pairs.InnerSteps;
            var estimate = pairs.Estimate(state.Theta);
            var result = update.Apply(state, twins.RunWindow(state.Theta));
            state = state.Updated(Plan.MetaOptimizer, estimate.Gradient);

            Assert.Equal(result.State.Theta.HashText(), state.Theta.HashText());
            Assert.Equal(result.State.MetaOptimizer.ToArray(), state.MetaOptimizer.ToArray());
            Assert.Equal(result.Version, state.Theta.Version);
            Assert.Equal((result.MeanLoss, result.GradientNorm), (estimate.MeanLoss, estimate.Norm));
            Assert.Equal(result.Reports, estimate.Reports);
            Assert.Equal(before, estimate.InnerStepsBefore);
            Assert.Equal(pairs.InnerSteps, estimate.InnerStepsAfter);
        }
    }

    [Fact]
    public void A_loop_of_ones_own_is_the_sequential_program()
    {
        var adam = new MetaAdam<float>(0.05);
        var state = OuterState<float>.Initial(Theta<float>.Initial(Problem, seed: 3), adam);
        using var pairs = new AllPairs<float>(Plan);
        for (var step = 0; step < 10; step++)
        {
            state = state.Updated(adam, pairs.Estimate(state.Theta).Gradient);
        }

        var trained = new SequentialTrainer<float>(Plan with { MetaOptimizer = adam }).Run(10).Last().State;
        Assert.Equal(trained.Theta.HashText(), state.Theta.HashText());
    }

    [Fact]
    public void The_gradient_has_theta_s_names()
    {
        using var pairs = new AllPairs<float>(Plan);
        var estimate = pairs.Estimate(Theta<float>.Initial(Problem));
        Assert.Equal(estimate.Gradient[3], Assert.Single(estimate["log_epsilon"].ToArray()));
        Assert.Throws<KeyNotFoundException>(() => estimate["epsilon"].Length);

        string[] lines =
        [
            $"mean loss {estimate.MeanLoss:0.0000}",
            $"  d log_lr: {estimate.Gradient[0]:0.0000}",
            $"  d log_one_minus_beta1: {estimate.Gradient[1]:0.0000}",
            $"  d log_one_minus_beta2: {estimate.Gradient[2]:0.0000}",
            $"  d log_epsilon: {estimate.Gradient[3]:0.0000}",
        ];
        Assert.Equal(string.Join(Environment.NewLine, lines), estimate.ToString());
    }

    [Fact]
    public void Of_a_large_tensor_the_norm_is_printed()
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(5), new MlpOptimizer());
        using var pairs = new AllPairs<float>(TrainingPlan.Create(
            problem, new PersistentES<float>(), new ConstantSchedule(40), pairs: 1, window: 2, sigma: 0.01));
        var estimate = pairs.Estimate(Theta<float>.Initial(problem));
        Assert.Contains(
            $"  d w0: norm {GradientNorm.Of(estimate["w0"]):0.0000}", estimate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_pair_can_be_looked_at()
    {
        using var pairs = new AllPairs<float>(Plan);
        Assert.Equal(5, pairs.Count);
        pairs.Estimate(Theta<float>.Initial(Problem));
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            var view = pairs[pair];
            Assert.Equal((pair, pairs.InnerSteps[pair]), (view.Pair, view.Truncation.InnerStep));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => pairs[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => pairs[5]);
    }

    [Fact]
    public void A_pair_s_text_has_its_place_and_the_shapes_of_its_state()
    {
        using var pairs = new AllPairs<float>(Plan with { Windows = new WindowSettings(Seed: 3, Window: 20) });
        Assert.Equal(
            ["pair 4: trajectory 0, inner step 0 of 40", "  noise trail [4] 0 0 .."],
            pairs[4].ToString().Split(Environment.NewLine));

        pairs.Estimate(Theta<float>.Initial(Problem));
        var lines = pairs[4].ToString().Split(Environment.NewLine);
        Assert.Equal("pair 4: trajectory 0, inner step 20 of 40", lines[0]);
        string[] tensors =
        [
            "task centre [5]",
            "Positive p [5]", "Positive m/p [5]", "Positive v/p [5]", "Positive corrections [2]",
            "Negative p [5]", "Negative m/p [5]", "Negative v/p [5]", "Negative corrections [2]",
            "noise trail [4]",
        ];
        Assert.Equal(tensors.Length, lines.Length - 1);
        Assert.All(tensors.Zip(lines[1..]), pair => Assert.StartsWith(
            $"  {pair.First} ", pair.Second, StringComparison.Ordinal));

        pairs.Estimate(Theta<float>.Initial(Problem));
        Assert.StartsWith("pair 4: trajectory 1, inner step 0 of 40", pairs[4].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Positive", pairs[4].ToString(), StringComparison.Ordinal);
    }
}
