using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Estimation;

/// <summary>Each mistake is seen by at least one of the checks that the right estimator passes.</summary>
public sealed class MistakeTests
{
    // Problem C1 of SmoothedGradientTests with windows of two steps.
    [Theory]
    [InlineData(Mistake.None, true)]
    [InlineData(Mistake.ParticlesForPairs, false)]
    [InlineData(Mistake.SigmaForItsSquare, false)]
    [InlineData(Mistake.AccumulatorReadBeforeAdding, false)]
    [InlineData(Mistake.SamePerturbationInEveryWindow, false)]
    public void The_closed_form_mean_sees_a_wrong_scale_and_a_wrong_accumulator(Mistake mistake, bool passes)
    {
        var samples = Samples.OfPeriods(Plan(mistake, window: 2, WindowLoss.Sum), 5, periods: 100, pairsPerBlock: 50);
        Assert.Equal(passes, IsMean(-2.982052561, samples));
    }

    // As in ResetTests: trajectories of ten steps in windows of four, aligned.
    [Theory]
    [InlineData(Mistake.None, true)]
    [InlineData(Mistake.ZeroedAfterAResetInsideAWindow, false)]
    [InlineData(Mistake.WholeResetWindowCreditedToThePerturbation, false)]
    public void The_mean_across_resets_sees_what_a_reset_does_to_the_accumulator(Mistake mistake, bool passes)
    {
        var samples = Samples.OfPeriods(Plan(mistake, window: 4, WindowLoss.Mean), 5, periods: 400, pairsPerBlock: 50);
        Assert.Equal(passes, IsMean(-0.3234336851 * 5, samples));
    }

    // Horizons of 2, 3 and 7 with windows of four: an upstream trajectory's last loss is credited to ε alone, and its
    // reset takes a step.
    [Theory]
    [InlineData(ResetContract.Exact, true)]
    [InlineData(ResetContract.Upstream, false)]
    public void The_mean_over_random_horizons_sees_the_upstream_contract(ResetContract contract, bool passes)
    {
        const int burnIn = 40;
        var plan = TestPlans.Of(
            new SmoothedQuadratic<double>([1], [1], 0.3),
            new MistakenPES(Mistake.None),
            new GaussianNoise<double>(0.1),
            new ListedSchedule([(2, 0.5), (3, 0.3), (7, 0.2)]),
            new WindowSettings(4, 4, Reset: contract));
        var chains = new double[2000];
        Parallel.For(0, chains.Length, pair =>
            chains[pair] = TestPlans.Windows(plan, new PairBlock(pair, 1), burnIn + 60).Skip(burnIn)
                .Average(window => window.Gradient.Span[0]));
        Assert.Equal(passes, IsMean(-0.5818668154, chains));
    }

    // These leave the mean as it is, and only make it noisier: golden numbers see them.
    [Theory]
    [InlineData(Mistake.None, 3, true)]
    [InlineData(Mistake.None, 5, true)]
    [InlineData(Mistake.AccumulatorNeverReset, 3, false)]
    [InlineData(Mistake.LossesAfterAResetCreditedToTheTrail, 3, false)]
    [InlineData(Mistake.PerturbationKeptAfterAnExactEnd, 5, false)]
    public void Golden_numbers_see_what_only_adds_variance(Mistake mistake, int horizon, bool passes)
    {
        var plan = TestPlans.Of(
            new SgdOnSquare<double>(0.1),
            new MistakenPES(mistake),
            new ListedNoise(0.01, 0.01, -0.02, 0.015),
            new ConstantSchedule(horizon),
            new WindowSettings(0, 5));
        double[] golden = horizon == 3
            ? [-.20991933862495, -.50174634494858, -.40255733862450]
            : [-.29166735245196, -1.16661287428962, -.65623829219128];
        var windows = TestPlans.Windows(plan, new PairBlock(0, 1), 3).Select(window => window.Gradient.Span[0]);
        Assert.Equal(passes, windows.Zip(golden).All(pair => Math.Abs(pair.First - pair.Second) < 1e-12));
    }

    private static TrainingPlan<double> Plan(Mistake mistake, int window, WindowLoss loss) => TestPlans.Of(
        new SmoothedQuadratic<double>([1], [1], 0.3),
        new MistakenPES(mistake),
        new GaussianNoise<double>(0.1),
        new ConstantSchedule(10),
        new WindowSettings(4, window, WindowLoss: loss));

    private static bool IsMean(double expected, double[] samples)
    {
        var mean = samples.Average();
        var se = Math.Sqrt(samples.Average(value => (value - mean) * (value - mean)) / samples.Length);
        return Math.Abs(mean - expected) < 4 * se;
    }
}
