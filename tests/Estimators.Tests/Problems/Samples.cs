using Involute.Estimators.Pairs;
using Xunit;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Independent samples of an estimate, and what they say about its mean.</summary>
internal static class Samples
{
    /// <summary>
    /// Estimates of scalar theta, summed over the windows of a period and averaged over the pairs of a block; periods
    /// that follow each other are independent if trajectories end with them.
    /// </summary>
    public static double[] OfPeriods(
        TrainingPlan<double> plan, int windowsPerPeriod, int periods, int pairsPerBlock, int blocks = 8)
    {
        var samples = new double[blocks][];
        Parallel.For(0, blocks, block =>
        {
            var sums = new double[periods];
            var window = 0;
            var pairs = new PairBlock(block * pairsPerBlock, pairsPerBlock);
            foreach (var contribution in Plans.Windows(plan, pairs, windowsPerPeriod * periods))
            {
                sums[window++ / windowsPerPeriod] += contribution.Gradient.Span[0] / pairsPerBlock;
            }

            samples[block] = sums;
        });
        return [.. samples.SelectMany(sums => sums)];
    }

    /// <summary>Asserts that the mean is within four standard errors, and that these are small enough to tell.</summary>
    public static void AssertMean(double expected, double[] samples, double largestRelativeError = 0.02)
    {
        var mean = samples.Average();
        var se = Math.Sqrt(Variance(samples) / samples.Length);
        Assert.True(
            se < largestRelativeError * Math.Abs(expected),
            $"standard error {se} of mean {mean} is too large for this test to mean anything");
        Assert.Equal(expected, mean, 4 * se);
    }

    public static double Variance(double[] samples)
    {
        var mean = samples.Average();
        return samples.Sum(value => (value - mean) * (value - mean)) / (samples.Length - 1);
    }
}
