using Involute.Host.Evaluation;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Host.Tests.Evaluation;

public sealed class CircumstancesTests
{
    private static readonly HorizonRange Trained = new(100, 2000);

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public void Steps_that_no_trajectory_of_the_training_had_are_outside(int steps, bool inside)
    {
        var outside = Circumstances.OfTraining(Trained).Outside(steps);

        Assert.Equal(
            inside ? null : $"{steps} inner steps, and theta was trained on trajectories of 100 to 2000", outside);
    }

    [Fact]
    public void Other_settings_are_outside_and_named_and_many_are_counted()
    {
        string[] keys = ["task.a", "task.b", "task.c", "task.d", "task.e", "task.f"];

        Assert.Equal("other task.a than in training", new Circumstances("x", keys[..1], Trained).Outside(null));
        Assert.Equal(
            "other task.a, task.b, task.c, task.d and 2 more than in training; 5 inner steps, and theta was trained on trajectories of "
                + "100 to 2000",
            new Circumstances("x", keys, Trained).Outside(5));
        Assert.Null(Circumstances.OfTraining(null).Outside(5));
    }

    [Fact]
    public void A_verdict_says_it() => Assert.EndsWith(
        " Outside of the training: 5 inner steps.",
        new Comparison("loss", "Adam", null, ComparisonOutcome.Unclear) { Outside = "5 inner steps" }.ToString(),
        StringComparison.Ordinal);
}
