using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Golden numbers of semantics.md §10.2 (b) and (h).</summary>
public sealed class FullESGoldenTests
{
    [Theory]
    [InlineData(0.1, 5, 0.01, -0.29166735245197695, 0.4959033077186962)]
    [InlineData(0.1, 5, -0.02, -1.1666128742896076, null)]
    [InlineData(0.1, 5, 0.005, -0.07291772152526049, null)]
    [InlineData(0.01, 10, 0.01, -0.14278239725925013, null)]
    public void One_estimate_of_the_average_loss_matches(
        double learningRate, int horizon, double epsilon, double gradient, double? meanLoss)
    {
        var plan = Plan(learningRate, horizon, new ListedNoise(0.01, epsilon, epsilon, epsilon));
        foreach (var contribution in Plans.Windows(plan, new PairBlock(0, 1), 3))
        {
            Assert.Equal(gradient, contribution.Gradient.Span[0], 1e-11);
            Assert.Equal(horizon, contribution.Reports[0].Steps);
            Assert.Equal((0, 0), (contribution.Reports[0].InnerStepBefore, contribution.Reports[0].InnerStepAfter));
            Assert.Equal(meanLoss ?? contribution.Reports[0].MeanLoss, contribution.Reports[0].MeanLoss, 1e-13);
        }
    }

    // (h): the mean over Gaussian noise is the gradient of the smoothed loss, known by quadrature.
    [Theory]
    [InlineData(0.1, 5, -0.29165793)]
    [InlineData(0.01, 10, -0.14278414)]
    public void The_mean_estimate_is_the_gradient_of_the_smoothed_loss(double learningRate, int horizon, double expected)
    {
        var plan = Plan(learningRate, horizon, new GaussianNoise<double>(0.01));
        var estimates = Plans.Windows(plan, new PairBlock(0, 1), 40_000).Select(c => c.Gradient.Span[0]).ToArray();
        var mean = estimates.Average();
        var se = Math.Sqrt(estimates.Average(g => (g - mean) * (g - mean)) / estimates.Length);
        Assert.Equal(expected, mean, 4 * se);
        Assert.True(se < 0.02 * Math.Abs(expected), "the standard error is too large for this test to mean anything");
    }

    // semantics.md 10.1: a loss that is always 1 has a mean loss of exactly 1 and no gradient.
    [Fact]
    public void A_constant_loss_has_exactly_its_mean_and_no_gradient()
    {
        var plan = Plan(0.1, 7, new GaussianNoise<double>(0.01)) with
        {
            Problem = new StepProblem<double>(new ConstantLoss()),
        };
        Assert.All(Plans.Windows(plan, new PairBlock(0, 3), 5), contribution =>
        {
            Assert.All(contribution.Reports, report => Assert.Equal(1.0, report.MeanLoss));
            Assert.Equal(0.0, contribution.Gradient.Span[0]);
        });
    }

    [Fact]
    public void Offset_and_upstream_resets_do_not_touch_an_estimator_without_state()
    {
        var windows = new WindowSettings(3, 7, InitialOffset: 4, Reset: ResetContract.Upstream);
        var plan = Plan(0.1, 5, new GaussianNoise<double>(0.01)) with { Windows = windows };
        Assert.All(
            Plans.Windows(plan, new PairBlock(0, 1), 4), contribution => Assert.Equal(5, contribution.Reports[0].Steps));
    }

    private static TrainingPlan<double> Plan(double learningRate, int horizon, INoise<double> noise) => Plans.Of(
        new SgdOnSquare<double>(learningRate),
        new FullES<double>(),
        noise,
        new ConstantSchedule(horizon),
        new WindowSettings(3, 50));
}
