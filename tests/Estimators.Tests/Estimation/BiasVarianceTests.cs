using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>
/// Influence balancing over 100 steps at theta = 0.5, sum over a trajectory, one pair. All losses are
/// quadratic in theta, so that means and variances are known exactly. Counts pairs: particles would give half or twice.
/// </summary>
[Trait("Speed", "slow")]
public sealed class BiasVarianceTests
{
    private const double Gradient = 3571.6306256103;
    private const int Horizon = 100;

    [Theory]
    [InlineData(1, -26.0000)]
    [InlineData(2, -40.06250)]
    [InlineData(5, -86.49841)]
    [InlineData(10, -177.60965)]
    [InlineData(20, -367.25399)]
    [InlineData(25, -370.91239)]
    [InlineData(50, 1008.74405)]
    [InlineData(100, Gradient)]
    public void Truncated_gradients_are_these(int window, double expected) =>
        Assert.Equal(expected, Run("tbptt", window, 1)[0][0], 1e-4);

    [Fact]
    public void Loss_and_gradient_of_a_trajectory_are_these()
    {
        var window = TestPlans.Windows(Plan("full-grad", Horizon), new PairBlock(0, 1), 1).Single();
        Assert.Equal(994.784358382, window.Reports[0].MeanLoss * Horizon, 1e-8);
        Assert.Equal(Gradient, window.Gradient.Span[0], 1e-8);
    }

    [Theory]
    [InlineData("pes", 1, 3.09417, 100)]
    [InlineData("pes", 2, 3.14249, 200)]
    [InlineData("pes", 5, 3.27086, 300)]
    [InlineData("pes", 10, 3.42332, 500)]
    [InlineData("pes", 20, 3.41297, 500)]
    [InlineData("pes", 25, 3.39158, 500)]
    [InlineData("pes", 50, 4.28716, 500)]
    [InlineData("pes", 100, 2, 500)]
    [InlineData("nres", 10, 2, 500)]
    [InlineData("full", 100, 2, 500)]
    [InlineData("gpes25", 10, 3.39158, 500)]
    [InlineData("pes-analytic", 1, 2.87363, 100)]
    [InlineData("pes-analytic", 10, 2.21363, 500)]
    [InlineData("pes-analytic", 20, 1.86441, 500)]
    [InlineData("pes-analytic", 50, 1.02981, 500)]
    public void Unbiased_estimators_have_the_mean_and_variance_of_theory(
        string estimator, int window, double variance, int periods)
    {
        var samples = Run(estimator, window, periods * 10);
        Samples.AssertMean(Gradient, Array.ConvertAll(samples, sample => sample[0]), 0.04);
        Samples.AssertVariance(variance * Gradient * Gradient, samples, [Gradient], 0.08);
    }

    [Theory]
    [InlineData(1, -26.0000)]
    [InlineData(2, -40.06250)]
    [InlineData(5, -86.49841)]
    [InlineData(10, -177.60965)]
    [InlineData(25, -370.91239)]
    [InlineData(50, 1008.74405)]
    public void Truncated_es_has_the_mean_of_truncated_gradients(int window, double expected) =>
        Samples.AssertMean(expected, Array.ConvertAll(Run("tes", window, 3000), sample => sample[0]), 0.15);

    [Fact]
    public void Where_a_trajectory_is_one_window_the_analytic_part_is_everything() =>
        Assert.All(Run("pes-analytic", Horizon, 3), sample => Assert.Equal(Gradient, sample[0], 1e-8));

    // Theta in R²³, one number per component of the state: |g|², the variance divided by it, and how far the truncated
    // gradient points away from the true one.
    [Theory]
    [InlineData("pes", 1, 68.1171, 200)]
    [InlineData("pes", 10, 71.5531, 1000)]
    [InlineData("pes", 50, 58.3061, 1000)]
    [InlineData("pes", 100, 24, 1000)]
    [InlineData("nres", 10, 24, 1000)]
    public void Many_parameters_have_the_variance_of_theory(string estimator, int window, double variance, int periods)
    {
        const double square = 2017466.69149;
        var gradient =
            TestPlans.Windows(Plan("full-grad", Horizon, vector: true), new PairBlock(0, 1), 1).Single().Gradient;
        Assert.Equal(square, gradient.ToArray().Sum(g => g * g), 1e-4);
        var samples = Samples.VectorsOfPeriods(
            Plan(estimator, window, vector: true), Horizon / window, periods * 3, pairsPerBlock: 1, blocks: 2);
        Samples.AssertVariance(variance * square, samples, gradient.ToArray(), 0.08);
    }

    [Theory]
    [InlineData(1, .038)]
    [InlineData(10, .112)]
    [InlineData(50, .9707)]
    [InlineData(100, 1)]
    public void Truncated_gradients_of_many_parameters_point_elsewhere(int window, double cosine)
    {
        var exact = Sum("full-grad", Horizon);
        var truncated = Sum("tbptt", window);
        var product = exact.Zip(truncated, (a, b) => a * b).Sum();
        Assert.Equal(cosine, product / Math.Sqrt(exact.Sum(a => a * a) * truncated.Sum(b => b * b)), 5e-4);

        double[] Sum(string estimator, int length) => Samples.VectorsOfPeriods(
            Plan(estimator, length, vector: true), Horizon / length, periods: 1, pairsPerBlock: 1, blocks: 1)[0];
    }

    // Workers on random windows: E|J c|² of one window's estimate, minus |g|², divided by J.
    [Theory]
    [InlineData(1, 0.0499130)]
    [InlineData(5, 0.244060)]
    [InlineData(10, 0.453628)]
    [InlineData(50, 1.18208)]
    public void Noise_reuse_online_has_the_variance_of_theory(int window, double variance)
    {
        var windows = Horizon / window;
        var estimates = Samples.OfPeriods(Plan("nres", window), 1, periods: windows * 800, pairsPerBlock: 1);
        var squares = estimates.Chunk(windows).Select(chunk => chunk.Sum(c => c * c) * windows).ToArray();
        Samples.AssertMean(((variance * windows) + 1) * Gradient * Gradient, squares, 0.05);
    }

    private static double[][] Run(string estimator, int window, int periods) =>
        Samples.VectorsOfPeriods(Plan(estimator, window), Horizon / window, periods, pairsPerBlock: 1, blocks: 2);

    private static TrainingPlan<double> Plan(string estimator, int window, bool vector = false) => TestPlans.Of(
        new InfluenceBalancing<double>(vector: vector),
        Problems.Estimators.Of(estimator),
        new GaussianNoise<double>(0.1),
        new ConstantSchedule(Horizon),
        new WindowSettings(3, window, WindowLoss: WindowLoss.Sum));
}
