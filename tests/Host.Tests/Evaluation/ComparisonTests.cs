using Involute.Host.Evaluation;
using Xunit;

namespace Involute.Host.Tests.Evaluation;

public sealed class ComparisonTests
{
    [Fact]
    public void Five_trials_need_more_than_two_standard_errors()
    {
        // Student's t with four degrees of freedom requires 2.78: 2.5 are too few, 3.3 are enough.
        Assert.Equal(ComparisonOutcome.Unclear, Of(Spread(0.4)).Outcome);
        Assert.Equal(ComparisonOutcome.Better, Of(Spread(0.3)).Outcome);
        Assert.Equal(ComparisonOutcome.Worse, Of([.. Spread(0.3).Select(value => -value)]).Outcome);
    }

    [Theory]
    [InlineData(double.NaN, 1, nameof(ComparisonOutcome.Worse))]
    [InlineData(1, double.NaN, nameof(ComparisonOutcome.Better))]
    [InlineData(double.NaN, double.NaN, nameof(ComparisonOutcome.Unclear))]
    [InlineData(1, 2, nameof(ComparisonOutcome.Unclear))]
    public void Who_diverges_is_worse_and_one_trial_proves_nothing(double mine, double theirs, string outcome) =>
        Assert.Equal(outcome, Comparison.Of("loss", "Adam", [mine], [theirs]).Outcome.ToString());

    private static Comparison Of(double[] differences) =>
        Comparison.Of("loss", "Adam", differences, new double[differences.Length]);

    // Mean −1, standard error as given: the squares of ±2, ±1, 0 sum to 10, and 10 / 4 / 5 = 1/2.
    private static double[] Spread(double standardError) =>
        [.. new double[] { -2, -1, 0, 1, 2 }.Select(step => -1 + (step * standardError * Math.Sqrt(2)))];
}
