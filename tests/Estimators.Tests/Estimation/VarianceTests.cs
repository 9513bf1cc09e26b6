using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>
/// Variance of one pair's estimate over a trajectory of J windows, divided by |gradient|², for losses c · theta
/// in 16 dimensions. Falls with PES if all steps have the same gradient, grows if they have nothing in common.
/// </summary>
public sealed class VarianceTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData("pes", 1, 17)]
    [InlineData("pes", 2, 12.5)]
    [InlineData("pes", 4, 10.25)]
    [InlineData("pes", 8, 9.125)]
    [InlineData("pes", 16, 8.5625)]
    [InlineData("nres", 1, 17)]
    [InlineData("nres", 8, 17)]
    [InlineData("gpes4", 16, 10.25)]
    public void Identical_gradients(string estimator, int windows, double expected) =>
        AssertVariance(estimator, windows, orthonormal: false, expected * windows * windows);

    [Theory]
    [InlineData("pes", 1, 17)]
    [InlineData("pes", 2, 25)]
    [InlineData("pes", 4, 41)]
    [InlineData("pes", 8, 73)]
    [InlineData("pes", 16, 137)]
    [InlineData("nres", 16, 17)]
    public void Orthonormal_gradients(string estimator, int windows, double expected) =>
        AssertVariance(estimator, windows, orthonormal: true, expected * windows);

    private static void AssertVariance(string estimator, int windows, bool orthonormal, double expected)
    {
        var plan = TestPlans.Of(
            new MemorylessLinear<double>(Dimension, orthonormal),
            Problems.Estimators.Of(estimator),
            new GaussianNoise<double>(0.01),
            new ConstantSchedule(windows),
            new WindowSettings(2, 1, WindowLoss: WindowLoss.Sum));
        var gradient = new double[Dimension];
        for (var step = 0; step < windows; step++)
        {
            for (var i = 0; i < Dimension; i++)
            {
                gradient[i] += orthonormal ? (i == step ? 1 : 0) : 1 / Math.Sqrt(Dimension);
            }
        }

        var samples = Samples.VectorsOfPeriods(plan, windows, periods: 500, pairsPerBlock: 1);
        Samples.AssertVariance(expected, samples, gradient, largestRelativeError: 0.03);
    }
}
