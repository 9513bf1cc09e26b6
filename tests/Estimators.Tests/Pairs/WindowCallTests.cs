using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>A window of a block is one call of its unroll, wherever the trajectories of its pairs end.</summary>
[Trait("Speed", "slow")]
public sealed class WindowCallTests
{
    private const int Plans = 16;

    private const int Windows = 8;

    public static TheoryData<string> Estimators() => [.. RandomPlans.Estimators];

    /// <summary>An unroll that takes one segment of a pair in a call, as plugins have, is called round by
    /// round.</summary>
    [Theory]
    [MemberData(nameof(Estimators))]
    public void One_call_gives_the_bits_of_one_call_per_round(string estimator)
    {
        var (resets, diverged) = (0, 0);
        for (var number = 0; number < Plans; number++)
        {
            var whole = Run(RandomPlans.Of(number, estimator));
            var rounds = Run(
                RandomPlans.Of(number, estimator, problem => new SeenProblem<float>(problem, byRounds: true)));
            Assert.Equal(
                whole.Contributions.SelectMany(c => c.Reports), rounds.Contributions.SelectMany(c => c.Reports));
            Assert.Equal(
                whole.Contributions.SelectMany(c => c.Gradient.ToArray()),
                rounds.Contributions.SelectMany(c => c.Gradient.ToArray()));
            Assert.Equal(whole.State, rounds.State);
            resets += whole.Contributions.Sum(c => c.Reports.Sum(report => report.Resets));
            diverged += whole.Contributions.Sum(c => c.Reports.Sum(report => report.DivergedArms));
        }

        Assert.True(resets > 100 && diverged > 10, $"{resets} resets, {diverged} diverged arms");
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void A_window_is_one_call(string estimator)
    {
        Assert.SkipWhen(estimator == "measured", "what is measured at a trajectory's end divides a window");
        for (var number = 0; number < Plans; number++)
        {
            var seen = default(SeenProblem<float>);
            var plan = RandomPlans.Of(
                number, estimator, problem => seen = new SeenProblem<float>(problem, byRounds: false));
            var contributions = Run(plan).Contributions;
            Assert.Equal(contributions.Count(c => c.Reports.Any(report => report.Steps > 0)), seen!.Calls);
            Assert.Equal(contributions.Sum(c => c.Reports.Max(report => report.Steps)), seen.Chain);
            Assert.Equal(contributions.Sum(c => c.Reports.Sum(report => report.Steps)), seen.Steps);
        }
    }

    /// <summary>Perturbations that change at every step, of a theta of which a call may not hold fifty.</summary>
    [Fact]
    public void Long_thetas_divide_a_window_and_change_no_bit()
    {
        var seen = default(SeenProblem<float>);
        TrainingPlan<float> Plan(bool byRounds) => new(
            seen = new SeenProblem<float>(new StepProblem<float>(new Brittle(100_000)), byRounds),
            Problems.Estimators.Of<float>("gpes1"), new GaussianNoise<float>(0.1), new LogUniformSchedule(5, 15),
            new WindowSettings(1, 25, 15), new MetaSgd<float>(0.1), Pairs: 3, PairsPerActor: 3);
        var whole = Run(Plan(byRounds: false), windows: 2);
        Assert.InRange(seen!.Calls, 4, 8);
        var rounds = Run(Plan(byRounds: true), windows: 2);
        Assert.Equal(50, seen.Calls);
        Assert.Equal(whole.State, rounds.State);
        Assert.Equal(whole.Contributions[1].Gradient.ToArray(), rounds.Contributions[1].Gradient.ToArray());
    }

    /// <summary>
    /// 16 pairs of which a quarter ends in a window: the second round is as long as the longest of what is left to four
    /// pairs.
    /// </summary>
    [Fact]
    public void The_chain_of_steps_is_as_long_as_the_window()
    {
        var seen = default(SeenProblem<float>);
        TrainingPlan<float> Plan(bool byRounds) => new(
            seen = new SeenProblem<float>(new StepProblem<float>(new SgdOnSquare<float>(0.1)), byRounds),
            new PersistentES<float>(), new GaussianNoise<float>(0.1), new LogUniformSchedule(100, 400),
            new WindowSettings(0, 50, StationaryStart.Offset), new MetaSgd<float>(0.1), Pairs: 16, PairsPerActor: 16);
        Run(Plan(byRounds: false), windows: 200);
        Assert.Equal(200 * 50, seen!.Chain);
        Run(Plan(byRounds: true), windows: 200);
        Assert.InRange(seen.Chain / (200.0 * 50), 1.65, 1.83);
    }

    private static (IReadOnlyList<PairContribution<float>> Contributions, IReadOnlyList<byte> State) Run(
        TrainingPlan<float> plan, int windows = Windows)
    {
        var slot = new ComputeSlot<float>();
        var theta = OuterState<float>.Initial(plan).Theta;
        var contributions = new List<PairContribution<float>>();
        using var pairs = new PairState<float>(plan, plan.Blocks()[0]);
        for (var window = 0; window < windows; window++)
        {
            contributions.Add(pairs.RunWindow(new Theta<float>(new ThetaVersion(window), theta.Values), slot));
        }

        return (contributions, pairs.Save());
    }
}
