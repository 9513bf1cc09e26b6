using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

public sealed class DivergenceTests
{
    // theta0 + ε = 1.5 > 1 diverges at its second step; the other arm never does.
    private static TrainingPlan<double> Plan(DivergencePolicy policy, int window) => TestPlans.Of(
        new DivergesAboveOne(),
        new PersistentES<double>(),
        new ListedNoise(1, 1, 1, 1, 1, 1),
        new ConstantSchedule(4),
        new WindowSettings(0, window, Divergence: policy));

    [Fact]
    public void A_diverged_arm_reports_the_ceiling_until_its_horizon_and_then_starts_anew()
    {
        var windows = TestPlans.Windows(Plan(DivergencePolicy.Ceiling, 1), new PairBlock(0, 1), 5).ToArray();

        // Arms' losses: (1, 1), (ceiling 10, 1), (10, 1), (10, 1), then a new trajectory (1, 1).
        Assert.Equal([1, 5.5, 5.5, 5.5, 1], windows.Select(w => w.Reports[0].MeanLoss));
        Assert.Equal([0, 1, 1, 1, 0], windows.Select(w => w.Reports[0].DivergedArms));

        // Δ = 9, trail = 2, 3, 4, scale 1/2; the trajectory's last step clears the trail.
        Assert.Equal([0, 9, 13.5, 18, 0], windows.Select(w => w.Gradient.Span[0]));
    }

    [Fact]
    public void Skip_contributes_nothing_and_resets_the_pair()
    {
        var windows = TestPlans.Windows(Plan(DivergencePolicy.Skip, 2), new PairBlock(0, 1), 2).ToArray();
        Assert.All(windows, window => Assert.Equal(0, window.Gradient.Span[0]));
        Assert.All(windows, window => Assert.Equal(0, window.Reports[0].InnerStepAfter));
    }

    private sealed class DivergesAboveOne : IStepFunction<double>
    {
        public string Name => "diverges";

        public ThetaLayout Layout { get; } = new(("x", []));

        public int StateLength => 1;

        public double CeilingLoss => 10;

        public void InitialTheta(long seed, Span<double> theta) => theta[0] = 0.5;

        public void Initialise(ReadOnlySpan<double> theta, Trajectory trajectory, Span<double> state) => state[0] = 0;

        public double Step(ReadOnlySpan<double> theta, StepKey key, Span<double> state) =>
            theta[0] > 1 && state[0]++ > 0 ? double.PositiveInfinity : 1;
    }
}
