using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>
/// Expectations of the sum over a trajectory in closed form. PES, noise reuse, truncated ES and the
/// true gradient all differ, so a wrong scale (sigma, ½, pairs for particles), a wrong accumulator, or the same
/// perturbation in every window is seen.
/// </summary>
public sealed class SmoothedGradientTests
{
    // C1: h = 1, T = 10, theta = 0.3; the true gradient is −2.67817328.
    [Theory]
    [InlineData("full", 10, -4.032257243)]
    [InlineData("nres", 1, -4.032257243)]
    [InlineData("nres", 5, -4.032257243)]
    [InlineData("gpes10", 5, -4.032257243)]
    [InlineData("pes", 1, -2.78359375)]
    [InlineData("pes", 2, -2.982052561)]
    [InlineData("pes", 5, -3.505074713)]
    [InlineData("gpes1", 5, -2.78359375)]
    [InlineData("gpes2", 5, -2.982052561)]
    [InlineData("gpes5", 2, -3.505074713)]
    [InlineData("tes", 1, -1.371453832)]
    [InlineData("tes", 2, -1.877695179)]
    [InlineData("tes", 5, -2.989651251)]
    public void C1(string estimator, int window, double expected) =>
        Samples.AssertMean(expected, Run(new SmoothedQuadratic<double>([1], [1], 0.3), estimator, window, horizon: 10));

    // C2: h = (1, .3, .05), T = 20, theta = 0.5; the true gradient is −2.150570333.
    [Theory]
    [InlineData("full", 20, -2.430059864)]
    [InlineData("nres", 4, -2.430059864)]
    [InlineData("pes", 1, -2.181031465)]
    [InlineData("pes", 4, -2.312022916)]
    [InlineData("pes", 5, -2.334907112)]
    [InlineData("pes", 10, -2.393689456)]
    [InlineData("gpes4", 10, -2.312022916)]
    [InlineData("tes", 1, -0.973363555)]
    [InlineData("tes", 5, -1.765750429)]
    [InlineData("tes", 10, -2.133576682)]
    public void C2(string estimator, int window, double expected) =>
        Samples.AssertMean(expected, Run(new SmoothedQuadratic<double>([1, 0.3, 0.05], [1, 1, 1], 0.5), estimator, window, horizon: 20));

    // The upstream rule: the centre of each window is where the positive arm has gone. K = 1, first two windows of C1:
    // E[θ + ε of window 1 seen by window 2] by hand: L± = ½ x1² (1−θ∓ε₂)², x1 = 1 − θ − ε₁, so the second window's mean
    // is −(1−θ) E[x1²] = −(1−θ)((1−θ)² + σ²), the first's −(1−θ).
    [Fact]
    public void Carrying_the_positive_arm_continues_under_its_perturbation()
    {
        var samples = Run(new SmoothedQuadratic<double>([1], [1], 0.3), "tes-positive", 1, horizon: 2);
        Samples.AssertMean(-0.7 * (1 + 0.49 + 0.01), samples);
    }

    private static double[] Run(SmoothedQuadratic<double> problem, string estimator, int window, int horizon)
    {
        var plan = TestPlans.Of(
            problem,
            Problems.Estimators.Of(estimator),
            new GaussianNoise<double>(0.1),
            new ConstantSchedule(horizon),
            new WindowSettings(1, window, WindowLoss: WindowLoss.Sum));
        return Samples.OfPeriods(plan, windowsPerPeriod: horizon / window, periods: 150, pairsPerBlock: 50);
    }
}
