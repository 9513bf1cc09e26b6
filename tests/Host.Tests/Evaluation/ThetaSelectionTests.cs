using Involute.Estimators.Plans;
using Involute.Host.Evaluation;
using Involute.Runs.Configuration;
using Involute.Tasks.Numerics;
using Xunit;

namespace Involute.Host.Tests.Evaluation;

public sealed class ThetaSelectionTests
{
    private static readonly TrainingPlan<float> Plan = PlanFactory.Create(ConfigurationLoader.Load(
        [], ["involute.task=quadratic", "involute.optimizer=sgd", "involute.truncation={schedule=constant,length=20}"]));

    // On a quadratic, gradient descent with a rate of 0.5 is done in one step; with 2 it diverges.
    [Fact]
    public void The_best_is_that_with_the_lowest_loss_and_one_that_diverges_is_not_chosen()
    {
        Theta<float>[] thetas = [Rate(1, 0.01), Rate(2, 0.5), Rate(3, 1e30), Rate(4, 0.1)];
        var selection = ThetaSelection.Of(Plan, thetas, trials: 3, steps: null, threads: 2);

        Assert.Equal(2, selection.Best!.Version.Value);
        Assert.Null(selection.Losses[2]);
        Assert.True(selection.Losses[0]!.Mean > selection.Losses[3]!.Mean);
        Assert.Equal(selection.Losses, ThetaSelection.Of(Plan, thetas, trials: 3, steps: null, threads: 1).Losses);
        Assert.Null(ThetaSelection.Of(Plan, [Rate(1, 1e30)], trials: 1, steps: 5, threads: 1).Best);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ThetaSelection.Most)]
    [InlineData(ThetaSelection.Most + 1)]
    [InlineData(131)]
    public void Of_many_steps_the_last_and_evenly_spaced_others_are_tried(int count)
    {
        long[] steps = [.. Enumerable.Range(0, count).Select(i => 5L * i)];
        var tried = ThetaSelection.Spread(steps);

        Assert.Equal(Math.Min(count, ThetaSelection.Most), tried.Count);
        Assert.Equal(steps[^1], tried[^1]);
        Assert.Equal(tried, tried.Distinct().Order());
        Assert.All(tried, step => Assert.Contains(step, steps));
    }

    private static Theta<float> Rate(long step, double rate) =>
        new(new ThetaVersion(step), [(float)PortableMath.Log(rate)]);
}
