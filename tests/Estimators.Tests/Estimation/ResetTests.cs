using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Estimators across resets against exact expectations, four standard errors.</summary>
public sealed class ResetTests
{
    private const int BurnIn = 40;

    // A whole number of periods of the phase (window border against trajectory) is averaged per chain.
    [Theory]
    [InlineData(10, 4, 5, -0.3234336851)]
    [InlineData(10, 5, 2, -0.3505074718)]
    [InlineData(7, 3, 7, -0.4223077351)]
    public void Aligned_constant_horizons(int horizon, int window, int period, double expected)
    {
        var estimates = Chains(new ConstantSchedule(horizon), window, offset: 0, chains: 2500, windows: 20 * period);
        AssertMean(expected, estimates);
    }

    [Theory]
    [InlineData(10, 4, 5, -0.3205546526)]
    [InlineData(10, 5, 2, -0.3303787255)]
    public void Random_phases_of_constant_horizons(int horizon, int window, int period, double expected)
    {
        var estimates = Chains(
            new ConstantSchedule(horizon), window, offset: horizon, chains: 5000, windows: 10 * period);
        AssertMean(expected, estimates);
    }

    [Theory]
    [InlineData(Normalisation.WindowMean, -0.5818668154)]
    [InlineData(Normalisation.TrajectoryMean, -0.6424906416)]
    public void Random_horizons_shorter_and_longer_than_the_window(Normalisation normalisation, double expected)
    {
        var schedule = new ListedSchedule([(2, 0.5), (3, 0.3), (7, 0.2)]);
        var estimates = Chains(schedule, window: 4, offset: 0, chains: 4000, windows: 100, normalisation);
        AssertMean(expected, estimates);
    }

    // Noise that follows the trajectory does not care where windows are cut.
    [Theory]
    [InlineData("gpes3", 4, 5, -0.31714)]
    [InlineData("gpes3", 16, 5, -0.31714)]
    [InlineData("gpes5", 4, 5, -0.35051)]
    [InlineData("nres", 4, 5, -0.40323)]
    [InlineData("nres", 16, 5, -0.40323)]
    public void Noise_that_belongs_to_the_trajectory(string estimator, int window, int period, double expected)
    {
        var estimates = Chains(
            new ConstantSchedule(10), window, offset: 0, chains: 3000, windows: 4 * period, estimator: estimator);
        AssertMean(expected, estimates);
    }

    // The mean over the windows after the burn-in, for each of several independent pairs.
    private static double[] Chains(
        ITruncationSchedule schedule,
        int window,
        int offset,
        int chains,
        int windows,
        Normalisation normalisation = Normalisation.WindowMean,
        string estimator = "pes")
    {
        var plan = TestPlans.Of(
            new SmoothedQuadratic<double>([1], [1], 0.3),
            Problems.Estimators.Of(estimator),
            new GaussianNoise<double>(0.1),
            schedule,
            new WindowSettings(20261122, window, offset, Normalisation: normalisation));
        var means = new double[chains];
        Parallel.For(0, chains, pair =>
            means[pair] = TestPlans.Windows(plan, new PairBlock(pair, 1), BurnIn + windows)
                .Skip(BurnIn)
                .Average(contribution => contribution.Gradient.Span[0]));
        return means;
    }

    private static void AssertMean(double expected, double[] chains)
    {
        var mean = chains.Average();
        var se = Math.Sqrt(chains.Average(value => (value - mean) * (value - mean)) / chains.Length);
        Assert.True(se < 0.02 * Math.Abs(expected), $"standard error {se} is too large for this test to mean anything");
        Assert.Equal(expected, mean, 4 * se);
    }
}
