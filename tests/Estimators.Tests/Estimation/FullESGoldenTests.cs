using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Golden numbers: closed forms in double, and the arithmetic of the reference system.</summary>
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
        foreach (var contribution in TestPlans.Windows(plan, new PairBlock(0, 1), 3))
        {
            Assert.Equal(gradient, contribution.Gradient.Span[0], 1e-11);
            Assert.Equal(horizon, contribution.Reports[0].Steps);
            Assert.Equal((0, 0), (contribution.Reports[0].InnerStepBefore, contribution.Reports[0].InnerStepAfter));
            Assert.Equal(meanLoss ?? contribution.Reports[0].MeanLoss, contribution.Reports[0].MeanLoss, 1e-13);
        }
    }

    // The losses fall from step to step, so that the lowest is the last.
    [Theory]
    [InlineData(0.1, 5, 0.01, -0.3355352326445432)]
    [InlineData(0.1, 5, -0.02, -1.3420318968659695)]
    [InlineData(0.1, 5, 0.005, -0.08388551202607104)]
    [InlineData(0.01, 10, 0.01, -0.2553561442151353)]
    public void One_estimate_of_the_last_and_of_the_lowest_loss_matches(
        double learningRate, int horizon, double epsilon, double gradient)
    {
        foreach (var loss in new[] { TrajectoryLoss.Last, TrajectoryLoss.Lowest })
        {
            var noise = new ListedNoise(0.01, epsilon);
            Assert.Equal(gradient, Estimate(learningRate, horizon, noise, new FullESOptions { Loss = loss }), 1e-11);
        }
    }

    // A step function measures a state by one more step on a copy, whose loss is that of the state before the step: one
    // step later than the last training loss, whatever the number of batches.
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void The_recomputed_last_loss_is_that_of_the_final_state(int batches)
    {
        var noise = new ListedNoise(0.01, 0.01);
        var recomputed = Estimate(
            0.1, 5, noise, new FullESOptions { Loss = TrajectoryLoss.LastRecomputed, RecomputeBatches = batches });
        Assert.Equal(Estimate(0.1, 6, noise, new FullESOptions { Loss = TrajectoryLoss.Last }), recomputed, 1e-11);
    }

    [Fact]
    public void The_loss_difference_is_clipped_first_and_then_replaced_by_its_sign()
    {
        var noise = new ListedNoise(0.01, 0.01);
        Assert.Equal(-0.05, Estimate(0.1, 5, noise, new FullESOptions { ClipLossDiff = 0.001 }), 1e-12);
        Assert.Equal(-50, Estimate(0.1, 5, noise, new FullESOptions { SignLossDiff = 1 }), 1e-12);
        Assert.Equal(
            -100, Estimate(0.1, 5, noise, new FullESOptions { ClipLossDiff = 0.001, SignLossDiff = 2 }), 1e-12);
    }

    // (h): the mean over Gaussian noise is the gradient of the smoothed loss, known by quadrature.
    [Theory]
    [InlineData(0.1, 5, TrajectoryLoss.Average, -0.29165793)]
    [InlineData(0.1, 5, TrajectoryLoss.Last, -0.33551706)]
    [InlineData(0.01, 10, TrajectoryLoss.Average, -0.14278414)]
    [InlineData(0.01, 10, TrajectoryLoss.Last, -0.25535676)]
    public void The_mean_estimate_is_the_gradient_of_the_smoothed_loss(
        double learningRate, int horizon, TrajectoryLoss loss, double expected)
    {
        var plan = Plan(learningRate, horizon, new GaussianNoise<double>(0.01), new FullESOptions { Loss = loss });
        Samples.AssertMean(expected, Samples.OfPeriods(plan, 1, periods: 1000, pairsPerBlock: 5));
    }

    // A loss that is always 1 has a mean loss of exactly 1 and no gradient.
    [Fact]
    public void A_constant_loss_has_exactly_its_mean_and_no_gradient()
    {
        var plan = Plan(0.1, 7, new GaussianNoise<double>(0.01)) with
        {
            Problem = new StepProblem<double>(new ConstantLoss()),
        };
        Assert.All(TestPlans.Windows(plan, new PairBlock(0, 3), 5), contribution =>
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
            TestPlans.Windows(plan, new PairBlock(0, 1), 4),
            contribution => Assert.Equal(5, contribution.Reports[0].Steps));
    }

    // A mean over a trajectory already gives every trajectory the same weight; a sum does not.
    [Theory]
    [InlineData(WindowLoss.Mean, true)]
    [InlineData(WindowLoss.Sum, false)]
    public void Trajectories_are_weighed_once(WindowLoss loss, bool same)
    {
        double[] Gradients(Normalisation normalisation)
        {
            var plan = Plan(0.1, 5, new GaussianNoise<double>(0.01)) with
            {
                Schedule = new ListedSchedule([(3, 0.5), (5, 0.5)]),
                Windows = new WindowSettings(3, 50, WindowLoss: loss, Normalisation: normalisation),
            };
            return [.. TestPlans.Windows(plan, new PairBlock(0, 1), 10).Select(window => window.Gradient.Span[0])];
        }

        Assert.Equal(same, Gradients(Normalisation.WindowMean).SequenceEqual(Gradients(Normalisation.TrajectoryMean)));
    }

    [Fact]
    public void Trajectories_that_never_end_are_refused()
    {
        var plan = Plan(0.1, 5, new GaussianNoise<double>(0.01)) with { Schedule = new NeverEndingSchedule() };
        Assert.Throws<ArgumentException>(() => new PairState<double>(plan, new PairBlock(0, 1)));
    }

    private static double Estimate(double learningRate, int horizon, INoise<double> noise, FullESOptions settings) =>
        TestPlans.Windows(Plan(learningRate, horizon, noise, settings), new PairBlock(0, 1), 1).Single().Gradient.Span[0];

    private static TrainingPlan<double> Plan(
        double learningRate, int horizon, INoise<double> noise, FullESOptions? settings = null) => TestPlans.Of(
        new SgdOnSquare<double>(learningRate),
        new FullES<double>(settings),
        noise,
        new ConstantSchedule(horizon),
        new WindowSettings(3, 50));
}
