using Involute.Estimators.Plans;
using Xunit;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Independent samples of an estimate, and what they say about its mean and variance.</summary>
internal static class Samples
{
    /// <summary>
    /// Estimates, summed over the windows of a period and averaged over the pairs of a block; periods that follow each
    /// other are independent if trajectories end with them.
    /// </summary>
    public static double[][] VectorsOfPeriods(
        TrainingPlan<double> plan, int windowsPerPeriod, int periods, int pairsPerBlock, int blocks = 8)
    {
        var samples = new double[blocks][][];
        Parallel.For(0, blocks, block =>
        {
            var sums = Enumerable.Range(0, periods).Select(_ => new double[plan.ThetaLength]).ToArray();
            var window = 0;
            var pairs = new PairBlock(block * pairsPerBlock, pairsPerBlock);
            foreach (var contribution in TestPlans.Windows(plan, pairs, windowsPerPeriod * periods))
            {
                var sum = sums[window++ / windowsPerPeriod];
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += contribution.Gradient.Span[i] / pairsPerBlock;
                }
            }

            samples[block] = sums;
        });
        return [.. samples.SelectMany(sums => sums)];
    }

    /// <summary>The same for a theta of one number.</summary>
    public static double[] OfPeriods(
        TrainingPlan<double> plan, int windowsPerPeriod, int periods, int pairsPerBlock, int blocks = 8) =>
        Array.ConvertAll(VectorsOfPeriods(plan, windowsPerPeriod, periods, pairsPerBlock, blocks), sample => sample[0]);

    /// <summary>
    /// Asserts that the mean is within four standard errors, and that these are small enough to tell.
    /// </summary>
    public static void AssertMean(double expected, double[] samples, double largestRelativeError = 0.02)
    {
        var mean = samples.Average();
        var se = Math.Sqrt(
            samples.Sum(value => (value - mean) * (value - mean)) / (samples.Length - 1) / samples.Length);
        Assert.True(
            se < largestRelativeError * Math.Abs(expected),
            $"standard error {se} of mean {mean} is too large for this test to mean anything");
        Assert.Equal(expected, mean, 4 * se);
    }

    /// <summary>Asserts the total variance E|x − E x|², for a known mean.</summary>
    public static void AssertVariance(
        double expected, double[][] samples, double[] mean, double largestRelativeError = 0.04) => AssertMean(
        expected,
        Array.ConvertAll(samples, sample => sample.Zip(mean, (x, m) => (x - m) * (x - m)).Sum()),
        largestRelativeError);
}
