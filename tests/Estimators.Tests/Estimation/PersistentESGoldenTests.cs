using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Golden numbers: closed forms in double, and the arithmetic of the reference system.</summary>
public sealed class PersistentESGoldenTests
{
    private const double Sigma = 0.01;

    // (c): two tasks, four steps; the first has no reset, the second is done at its second step.
    [Fact]
    public void Arithmetic_of_one_window_matches_the_reference()
    {
        var estimator = new PersistentES<double>();
        double[] gradient = [0];

        // Task 1: losses differ by −0.02, −0.03, −0.06 at steps 2 to 4 of 4.
        var trail1 = Trail(0.02);
        Fold(estimator, trail1, 0.01, TrailAction.Keep, gradient, (-0.11 / 4, false));
        Assert.Equal(-4.125, gradient[0], 1e-12);
        Assert.Equal(0.03, trail1.Sum[0], 1e-15);

        // Task 2: −0.1 on the done step (credited to the current noise, upstream), a masked step, 0.
        var trail2 = Trail(-0.01);
        Fold(estimator, trail2, 0.03, TrailAction.ReplaceByCurrent, gradient, (0, false), (-0.1 / 3, true));
        Assert.Equal(-4.125 - 5.0, gradient[0], 1e-12);
        Assert.Equal(0.03, trail2.Sum[0], 1e-15);
        Assert.Equal(-4.5625, gradient[0] / 2, 1e-12);

        // The same losses with done on the reset row: credited to the accumulated noise.
        double[] late = [0];
        Fold(estimator, Trail(-0.01), 0.03, TrailAction.ReplaceByCurrent, late, (-0.1 / 3, false), (0, true));
        Assert.Equal(-3.3333333333333335, late[0], 1e-12);
    }

    // (d): H = 3, T = 5, theta = ln 0.1, under the reference system's rule.
    [Fact]
    public void Upstream_resets_match_the_reference_for_three_windows()
    {
        var plan = Plan(3, 5, ResetContract.Upstream);
        var windows = Run(plan, 3);
        double[] gradients = [-0.18239883996619202, -0.3424118245280897, -0.1032120478572776];
        double[] losses = [0.7623957201143333, 0.6723702807344267, 0.6147852520080964];
        double[] trails = [0.01, -0.02, 0.015];
        int[] training = [4, 4, 4];
        for (var w = 0; w < 3; w++)
        {
            Assert.Equal(gradients[w], windows[w].Gradient, 1e-12);
            Assert.Equal(losses[w], windows[w].Report.MeanLoss, 1e-12);
            Assert.Equal(trails[w], windows[w].Trail, 1e-15);
            Assert.Equal(training[w], windows[w].Report.Steps);
        }
    }

    // (d2): the same problem under our contract; H, T, gradients, trails after each window.
    [Theory]
    [InlineData(3, 5, new[] { -.20991933862495, -.50174634494858, -.40255733862450 }, new[] { .01, -.02, 0 })]
    [InlineData(2, 5, new[] { -.12800053330399, -.44800826480391, -.28800269966587 }, new[] { .01, 0, .015 })]
    [InlineData(5, 5, new[] { -.29166735245196, -1.16661287428962, -.65623829219128 }, new[] { 0.0, 0, 0 })]
    [InlineData(7, 5, new[] { -.29166735245196, -.50936900357579, -.13762965430258 }, new[] { .01, -.02, .015 })]
    [InlineData(3, 3, new[] { -.24319845328826, -.97277525044920, -.54719216948668 }, new[] { 0.0, 0, 0 })]
    public void Exact_resets_match_the_closed_form(int horizon, int window, double[] gradients, double[] trails)
    {
        var windows = Run(Plan(horizon, window, ResetContract.Exact), 3);
        for (var w = 0; w < 3; w++)
        {
            Assert.Equal(gradients[w], windows[w].Gradient, 1e-12);
            Assert.Equal(trails[w], windows[w].Trail, 1e-15);
            Assert.Equal(window, windows[w].Report.Steps);
        }
    }

    private static TrainingPlan<double> Plan(int horizon, int window, ResetContract reset) => TestPlans.Of(
        new SgdOnSquare<double>(0.1),
        new PersistentES<double>(),
        new ListedNoise(Sigma, 0.01, -0.02, 0.015),
        new ConstantSchedule(horizon),
        new WindowSettings(0, window, Reset: reset));

    private static List<(double Gradient, double Trail, PairReport Report)> Run(TrainingPlan<double> plan, int count)
    {
        var slot = new ComputeSlot<double>();
        var theta = OuterState<double>.Initial(plan).Theta;
        using var pair = new PairState<double>(plan, new PairBlock(0, 1));
        var windows = new List<(double, double, PairReport)>();
        for (var w = 0; w < count; w++)
        {
            var contribution = pair.RunWindow(theta, slot);
            windows.Add((contribution.Gradient.Span[0], pair.Trail(0)[0], contribution.Reports[0]));
        }

        return windows;
    }

    private static NoiseTrail<double> Trail(double sum)
    {
        var trail = new NoiseTrail<double>(1);
        trail.Add([sum]);
        return trail;
    }

    private static void Fold(
        PersistentES<double> estimator,
        NoiseTrail<double> trail,
        double epsilon,
        TrailAction action,
        double[] gradient,
        params (double Delta, bool AfterReset)[] segments)
    {
        var key = NoiseKey.OfWindow(0, 0, 0);
        SegmentRecord[] records = [.. segments.Select(s => new SegmentRecord(key, s.Delta, s.AfterReset))];
        estimator.Fold(
            new WindowFold<double>(records, trail, action, new ListedNoise(Sigma, epsilon), new Perturbation<double>(), length: 1), gradient);
    }
}
