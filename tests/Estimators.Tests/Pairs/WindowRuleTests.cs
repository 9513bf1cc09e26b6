using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>An estimator gets raw sums of losses, divided once, and derivatives by the same rule.</summary>
public sealed class WindowRuleTests
{
    // Trajectories of 5 steps in a window of 7: one reset inside it.
    private const int Window = 7;
    private const int Horizon = 5;
    private const double Sigma = 1e-4;

    [Theory]
    [InlineData(ResetContract.Exact, 7)]
    [InlineData(ResetContract.Upstream, 6)]
    public void A_mean_is_the_sum_divided_once_by_the_training_steps(ResetContract contract, int steps)
    {
        var (sum, mean) = (Run(WindowLoss.Sum, contract), Run(WindowLoss.Mean, contract));
        Assert.Equal(sum.Segments.Select(one => one.Delta / steps), mean.Segments.Select(one => one.Delta));
        Assert.Equal(sum.Segments.Select(one => one.Share / steps), mean.Segments.Select(one => one.Share));
        Assert.Equal(sum.Tangents.Select(tangent => tangent / steps), mean.Tangents);
        Assert.Equal(steps, sum.Segments.Sum(segment => segment.Share));

        // Last and lowest differences belong to single steps: no rule divides them.
        Assert.Equal(sum.Segments.Select(one => one.LastDelta), mean.Segments.Select(one => one.LastDelta));
        Assert.Equal(sum.Segments.Select(one => one.MinDelta), mean.Segments.Select(one => one.MinDelta));
    }

    [Fact]
    public void Only_the_windows_last_step_counts_where_the_rule_is_last()
    {
        var last = Run(WindowLoss.Last, ResetContract.Exact);
        Assert.Equal([0, 1], last.Segments.Select(segment => segment.Share));
        Assert.Equal([0, last.Segments[^1].LastDelta], last.Segments.Select(segment => segment.Delta));
    }

    // L(θ + ε) − L(θ − ε) = 2 ε dL/dθ but for terms of ε³.
    [Theory]
    [InlineData(WindowLoss.Mean)]
    [InlineData(WindowLoss.Sum)]
    [InlineData(WindowLoss.Last)]
    public void Losses_and_derivatives_follow_the_same_rule(WindowLoss rule)
    {
        foreach (var contract in Enum.GetValues<ResetContract>())
        {
            var window = Run(rule, contract);
            foreach (var after in new[] { false, true })
            {
                var delta = window.Segments.Where(segment => segment.AfterReset == after).Sum(segment => segment.Delta);
                Assert.Equal(2 * window.Epsilon * window.Tangents[after ? 1 : 0], delta, 1e-6 * Sigma);
            }
        }
    }

    private static Recorder Run(WindowLoss rule, ResetContract contract)
    {
        var recorder = new Recorder();
        var plan = new TrainingPlan<double>(
            new StepProblem<double>(new SmoothedQuadratic<double>([1, 3], [1, -2], -1.5, logarithmic: true)),
            recorder,
            new GaussianNoise<double>(Sigma),
            new ConstantSchedule(Horizon),
            new WindowSettings(3, Window, WindowLoss: rule, Reset: contract),
            new MetaSgd<double>(0),
            Pairs: 1);
        using var pair = new PairState<double>(plan, new PairBlock(0, 1));
        pair.RunWindow(OuterState<double>.Initial(plan).Theta, new ComputeSlot<double>());
        return recorder;
    }

    /// <summary>An estimator that estimates nothing and keeps what it was given.</summary>
    private sealed class Recorder : IGradientEstimator<double>
    {
        public SegmentRecord[] Segments { get; private set; } = [];

        public double[] Tangents { get; private set; } = [];

        public double Epsilon { get; private set; }

        public string Name => "recorder";

        public EstimatorNeeds Needs { get; } =
            new(ArmSet.AntitheticAndCentre, Carry.Arms, Tangents: TangentSpan.Window);

        public int StepsUntilNoiseChange(int age) => int.MaxValue;

        public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
            NoiseKey.OfWindow(seed, pair, window);

        public void Fold(WindowFold<double> window, Span<double> gradient)
        {
            Segments = window.Segments.ToArray();
            Tangents = [window.Tangents.Before[0], window.Tangents.After[0]];
            Epsilon = window.Epsilon(window.Segments[0].Noise)[0];
        }
    }
}
