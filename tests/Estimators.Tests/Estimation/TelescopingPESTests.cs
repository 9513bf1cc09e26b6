using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

public sealed class TelescopingPESTests
{
    private static readonly double[] Epsilons = [0.1, -0.05, 0.2, 0.03, -0.15, 0.12];

    // Σ over a trajectory = δ(H) ξ / (2 sigma²), ξ the sum of all its perturbations, wherever windows cut trajectories:
    // with H = 10 and K = 4 the first trajectory ends in the third window, and the second in the fifth.
    [Fact]
    public void The_sum_over_two_trajectories_is_that_of_their_last_losses()
    {
        var windows = TestPlans.Windows(
            Plan(new ListedNoise(0.1, Epsilons), 4), new PairBlock(0, 1), 5).Sum(window => window.Gradient.Span[0]);
        var first = Last([.. Steps(0, 4), .. Steps(1, 4), .. Steps(2, 2)]) * (Epsilons[0] + Epsilons[1] + Epsilons[2]);
        var second = Last([.. Steps(2, 2), .. Steps(3, 4), .. Steps(4, 4)]) * (Epsilons[2] + Epsilons[3] + Epsilons[4]);
        Assert.Equal((first + second) / (2 * 0.01), windows, 1e-12);
    }

    // Windows longer than trajectories: all but the last are whole.
    [Fact]
    public void Several_trajectories_in_a_window_count_their_last_losses()
    {
        var window = TestPlans.Windows(Plan(new ListedNoise(0.1, Epsilons), 25), new PairBlock(0, 1), 1).Single();
        var expected = Epsilons[0] * ((2 * Last([.. Steps(0, 10)])) + Last([.. Steps(0, 5)])) / (2 * 0.01);
        Assert.Equal(expected, window.Gradient.Span[0], 1e-12);
    }

    // The last loss is ½ Π z⁴ over five windows of two steps, z ~ N(0.7, 0.01); its derivative −½ · 5 · 4 M₃ M₄⁴.
    [Fact]
    public void The_mean_is_the_smoothed_gradient_of_the_last_loss()
    {
        const double q = 0.7, v = 0.01;
        const double m3 = (q * q * q) + (3 * q * v);
        const double m4 = (q * q * q * q) + (6 * q * q * v) + (3 * v * v);
        const double expected = -0.5 * 5 * 4 * m3 * m4 * m4 * m4 * m4;
        Samples.AssertMean(
            expected,
            Samples.OfPeriods(Plan(new GaussianNoise<double>(0.1), 2), 5, periods: 1500, pairsPerBlock: 10),
            0.04);
    }

    private static IEnumerable<double> Steps(int window, int steps) => Enumerable.Repeat(Epsilons[window], steps);

    // Difference of the arms' last losses on ½ x², x ← (1 − 0.3 ∓ ε) x.
    private static double Last(double[] epsilons)
    {
        var plus = epsilons.Aggregate(1.0, (x, epsilon) => x * (0.7 - epsilon));
        var minus = epsilons.Aggregate(1.0, (x, epsilon) => x * (0.7 + epsilon));
        return 0.5 * ((plus * plus) - (minus * minus));
    }

    private static TrainingPlan<double> Plan(INoise<double> noise, int window) => TestPlans.Of(
        new SmoothedQuadratic<double>([1], [1], 0.3),
        new TelescopingPES<double>(),
        noise,
        new ConstantSchedule(10),
        new WindowSettings(1, window));
}
