using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Exact gradients: their closed forms.</summary>
public sealed class FullGradTests
{
    [Theory]
    [InlineData(0.01, 10, WindowLoss.Mean, 0.8393738086992564, -0.14278152352058465)]
    [InlineData(0.01, 10, WindowLoss.Last, 0.8393738086992564, -0.2553558358250324)]
    [InlineData(0.1, 5, WindowLoss.Mean, 0.495903232, -0.291672064)]
    [InlineData(0.1, 5, WindowLoss.Last, 0.495903232, -0.33554432)]
    public void Whole_trajectories_match_the_closed_form(
        double learningRate, int horizon, WindowLoss loss, double meanLoss, double gradient)
    {
        var windows = Windows(
            new FullGrad<double>(), learningRate, horizon, new WindowSettings(0, 1, WindowLoss: loss));
        Assert.All(windows, window =>
        {
            Assert.Equal(gradient, window.Gradient.Span[0], 1e-14);
            Assert.Equal(meanLoss, window.Reports[0].MeanLoss, 1e-14);
            Assert.Equal(horizon, window.Reports[0].Steps);
        });
    }

    // With a window of the whole horizon, all three and PES with analytic part are the same number.
    [Fact]
    public void A_window_of_the_whole_horizon_makes_all_of_them_exact()
    {
        IGradientEstimator<double>[] estimators =
            [new TruncatedGrad<double>(), new RealTimeGrad<double>(), new AnalyticPES<double>()];
        foreach (var estimator in estimators)
        {
            Assert.All(
                Windows(estimator, 0.1, 5, new WindowSettings(0, 5)),
                window => Assert.Equal(-0.291672064, window.Gradient.Span[0], 1e-14));
        }
    }

    // Windows of two steps from p₀ = 1, r = 0.8, lr 0.1, sum of losses: TBPTT sees r² p² fall within a window only,
    // d(r²)/dθ = −2 lr · 2 r = −0.32, times p² = 1 and then r⁴; real-time recurrent learning sees all of it.
    [Fact]
    public void Truncation_forgets_what_earlier_windows_did()
    {
        var windows = new WindowSettings(0, 2, WindowLoss: WindowLoss.Sum);
        var truncated = Windows(new TruncatedGrad<double>(), 0.1, 4, windows);
        Assert.Equal([-0.32, -0.32 * 0.4096], truncated.Take(2).Select(w => w.Gradient.Span[0]), Within(1e-14));
        var real = Windows(new RealTimeGrad<double>(), 0.1, 4, windows);
        Assert.Equal(
            [-0.32, -0.2 * ((4 * 0.512) + (6 * 0.32768))], real.Take(2).Select(w => w.Gradient.Span[0]), Within(1e-14));
    }

    // A reset inside a window: the losses behind it see the new trajectory only.
    [Fact]
    public void A_reset_inside_a_window_starts_a_new_derivative()
    {
        var windows = new WindowSettings(0, 4, WindowLoss: WindowLoss.Sum);
        var gradient = Windows(new RealTimeGrad<double>(), 0.1, 2, windows)[0].Gradient.Span[0];
        Assert.Equal(2 * -0.32, gradient, 1e-14);
    }

    [Fact]
    public void A_problem_without_forward_gradients_is_refused()
    {
        var plan = new TrainingPlan<float>(
            new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(0.05)),
            new TruncatedGrad<float>(),
            new GaussianNoise<float>(0.1),
            new ConstantSchedule(5),
            new WindowSettings(0, 5),
            new Involute.Estimators.MetaOptimizers.MetaSgd<float>(1),
            1);
        Assert.Throws<NotSupportedException>(() => new PairState<float>(plan, new PairBlock(0, 1)));
    }

    private static PairContribution<double>[] Windows(
        IGradientEstimator<double> estimator, double learningRate, int horizon, WindowSettings windows)
    {
        var plan = TestPlans.Of(
            new SgdOnSquare<double>(learningRate),
            estimator,
            new GaussianNoise<double>(0.1),
            new ConstantSchedule(horizon),
            windows);
        return [.. TestPlans.Windows(plan, new PairBlock(0, 1), 4)];
    }

    private static EqualityComparer<double> Within(double tolerance) =>
        EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance);
}
