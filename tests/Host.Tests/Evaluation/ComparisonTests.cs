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

    [Theory]
    [InlineData(2e-6, 1e-7)]
    [InlineData(-0.02, 1e-6)]
    [InlineData(3e-5, 0.01)]
    [InlineData(-250_000, 3)]
    [InlineData(0, 1e-9)]
    [InlineData(0, 0)]
    public void A_number_that_is_not_zero_is_not_printed_as_one(double mean, double error)
    {
        var text = new Comparison("loss", "Adam", new Statistic(mean, error), ComparisonOutcome.Unclear).ToString();

        Assert.DoesNotMatch("0\\.0000(?![0-9])", text);
        Assert.Equal(mean == 0 && error == 0, text.Contains("the same in every trial", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.0279, 0.0033, "difference +0.0279 ± 0.0033")]
    [InlineData(0.0004, 0.0033, "difference +0.0004 ± 0.0033")]
    [InlineData(-0.25, 0.00045, "difference -0.2500 ± 0.0005")]
    [InlineData(-0.00012, 0.00045, "difference -1.20e-4 ± 4.50e-4")]
    [InlineData(-0.02, 1e-6, "difference -0.0200 ± 1.00e-6")]
    [InlineData(0, 1e-9, "difference 0 ± 1.00e-9")]
    public void A_difference_has_the_digits_that_it_needs(double mean, double error, string expected) =>
        Assert.Equal(expected, new Comparison("loss", "Adam", new Statistic(mean, error), ComparisonOutcome.Unclear).Numbers());

    private static Comparison Of(double[] differences) =>
        Comparison.Of("loss", "Adam", differences, new double[differences.Length]);

    // Mean −1, standard error as given: the squares of ±2, ±1, 0 sum to 10, and 10 / 4 / 5 = 1/2.
    private static double[] Spread(double standardError) =>
        [.. new double[] { -2, -1, 0, 1, 2 }.Select(step => -1 + (step * standardError * Math.Sqrt(2)))];
}
