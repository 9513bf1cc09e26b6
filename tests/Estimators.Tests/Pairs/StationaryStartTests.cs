using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>
/// The law of a stationary offset: P(horizon h, place t) = p(h) / E[H] for every t &lt; h. The keys are fixed, so that each
/// test gives the same numbers every time; a bound is four standard deviations of what it bounds.
/// </summary>
public sealed class StationaryStartTests
{
    private static readonly ListedSchedule Listed = new([(2, 0.5), (3, 0.3), (7, 0.2)]);

    public static TheoryData<string> Schedules => ["listed", "constant", "log-uniform", "scheduled"];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Horizons_are_as_frequent_as_long_and_all_places_within_one_equally_likely(string name)
    {
        var (schedule, shares) = Law(name);
        var starts = Enumerable.Range(0, 50_000).Select(
            pair => TruncationCursor.Initial(1, pair, StationaryStart.Offset, schedule)).ToArray();
        Assert.All(starts, start => Assert.True(start is { Age: 0, Trajectory: 0, ResetPending: false, UnderWay: false }));
        AssertStationary(starts, shares, resetSteps: 0);
    }

    // A reset that takes a step is one more place: P(h, t) = p(h) / E[H + 1] for t = 0 … h, and at h the reset is next.
    [Fact]
    public void A_pair_may_stand_at_a_reset_that_takes_a_step()
    {
        var starts = Enumerable.Range(0, 50_000).Select(pair => TruncationCursor.Initial(
            1, pair, StationaryStart.Offset, Listed, ResetContract.Upstream)).ToArray();
        AssertStationary(starts, Law("listed").Shares, resetSteps: 1);
        Assert.All(starts, start => Assert.Equal(start.InnerStep == start.Horizon, start.ResetPending));
    }

    [Theory]
    [InlineData(ResetContract.Exact, 1)]
    [InlineData(ResetContract.Exact, 2)]
    [InlineData(ResetContract.Exact, 13)]
    [InlineData(ResetContract.Upstream, 1)]
    [InlineData(ResetContract.Upstream, 13)]
    public void Pairs_stand_after_any_number_of_windows_as_they_did_at_first(ResetContract reset, int windows) =>
        AssertStationary(
            After(windows, StationaryStart.Offset, reset), Law("listed").Shares, reset == ResetContract.Upstream ? 1 : 0);

    // The other way round: this is where pairs come to that all began at 0.
    [Theory]
    [InlineData(ResetContract.Exact)]
    [InlineData(ResetContract.Upstream)]
    public void Pairs_that_begin_in_lockstep_come_to_stand_so_after_a_long_time(ResetContract reset)
    {
        AssertStationary(After(40, 0, reset), Law("listed").Shares, reset == ResetContract.Upstream ? 1 : 0);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertStationary(After(1, 0, reset), Law("listed").Shares, 0));
    }

    // With horizons above the window a window holds one reset at most: their number among n pairs is binomial with
    // probability window / E[H], in the first outer step as in every other.
    [Fact]
    public void As_many_trajectories_end_in_the_first_outer_step_as_in_every_other()
    {
        const int pairs = 2000;
        var schedule = new LogUniformSchedule(100, 2000);
        var resets = Resets(StationaryStart.Offset, pairs, schedule);
        var share = 50 / schedule.MeanHorizon;
        Assert.All(resets, count => Assert.Equal(pairs * share, count, 4 * Math.Sqrt(pairs * share * (1 - share))));
        Assert.Equal(pairs * share, resets.Average(), 0.04 * pairs * share);
    }

    // Of 16 pairs with an offset of the longest horizon 12 begin behind their own: they end together in the first step.
    // 16 · 50 / E[H] = 1.3 is the mean.
    [Fact]
    public void An_offset_as_long_as_the_longest_horizon_resets_most_pairs_at_once()
    {
        var schedule = new LogUniformSchedule(100, 2000);
        Assert.Equal(12, Resets(2000, 16, schedule)[0]);
        Assert.InRange(Resets(StationaryStart.Offset, 16, schedule)[0], 0, 4);
    }

    // The horizons that a run draws for its trajectories are drawn for nothing else.
    [Fact]
    public void Later_horizons_are_those_of_a_run_with_another_offset()
    {
        var schedule = new LogUniformSchedule(3, 40);
        for (var pair = 0; pair < 20; pair++)
        {
            var stationary = TruncationCursor.Initial(3, pair, StationaryStart.Offset, schedule).NextTrajectory(3, pair, schedule);
            Assert.Equal(TruncationCursor.Initial(3, pair, 0, schedule).NextTrajectory(3, pair, schedule), stationary);
        }
    }

    // Of a schedule that grows: as if the outer step of the first window had lasted for ever.
    [Fact]
    public void Pairs_stand_by_the_horizons_of_the_outer_step_of_their_first_window()
    {
        var schedule = new CurriculumSchedule(new PiecewiseLinear((0, 10), (10, 100)));
        var first = TruncationCursor.Initial(1, 5, StationaryStart.Offset, schedule);
        var later = first.AtOuterStep(1, 5, StationaryStart.Offset, schedule, outerStep: 5);
        Assert.Equal((10, 55), (first.Horizon, later.Horizon));
        Assert.InRange(later.InnerStep, 0, 54);
        Assert.Equal(later, later.AtOuterStep(1, 5, StationaryStart.Offset, schedule, outerStep: 5));

        var onItsWay = later.Advance(1);
        Assert.Equal(onItsWay, onItsWay.AtOuterStep(1, 5, StationaryStart.Offset, schedule, outerStep: 9));
    }

    [Theory]
    [InlineData("pes", ResetContract.Exact)]
    [InlineData("nres", ResetContract.Exact)]
    [InlineData("tes", ResetContract.Upstream)]
    [InlineData("full", ResetContract.Exact)]
    public void A_state_of_such_a_run_is_accepted_and_goes_on_with_the_same_bits(string estimator, ResetContract reset)
    {
        var plan = PairStateTests.Plan(estimator, reset);
        plan = plan with { Windows = plan.Windows with { InitialOffset = StationaryStart.Offset } };
        var check = new PairStateCheck<float>(plan);
        var theta = OuterState<float>.Initial(plan).Theta;
        using var pairs = new PairState<float>(plan, PairStateTests.Block);
        var slot = new ComputeSlot<float>();
        for (var window = 1; window <= 20; window++)
        {
            pairs.RunWindow(theta, slot);
            Assert.Null(check.Problem(PairStateTests.Block, pairs.Save(), new ThetaVersion(window)));
            using var copy = new PairState<float>(plan, PairStateTests.Block);
            copy.Load(pairs.Save());
            copy.RunWindow(theta, slot);
            var saved = pairs.Save();
            pairs.RunWindow(theta, slot);
            Assert.Equal(pairs.Save(), copy.Save());
            pairs.Load(saved);
        }
    }

    [Fact]
    public void Problems_that_are_trained_side_by_side_stand_as_the_pairs_of_a_run()
    {
        var plan = TrainingPlan.Create(
            new StepProblem<double>(new SgdOnSquare<double>(0.1)), new PersistentES<double>(), Listed, pairs: 30, seed: 7,
            offset: StationaryStart.Offset);
        using var pairs = new PairState<double>(plan, new PairBlock(0, 30));
        using var training = new TruncatedTraining<double>(
            plan.Problem, Listed, tasks: 30, offset: StationaryStart.Offset, seed: 7);
        Assert.Equal(pairs.Cursors.Select(cursor => cursor.InnerStep), training.InnerSteps);
    }

    [Fact]
    public void Trajectories_that_never_end_have_no_stationary_places() => Assert.Contains(
        "never-ending has none",
        Assert.Throws<ArgumentException>(
            () => TruncationCursor.Initial(1, 0, StationaryStart.Offset, new NeverEndingSchedule())).Message,
        StringComparison.Ordinal);

    private static (ITruncationSchedule Schedule, IReadOnlyDictionary<int, double> Shares) Law(string name)
    {
        if (name == "scheduled")
        {
            // A spread has no closed form that is worth a line: its shares are those of many other draws.
            var spread = new CurriculumSchedule(new ConstantValue(6), new ScheduledLengths(Spread: 2, MinLength: 3));
            const int draws = 1_000_000;
            return (spread, Enumerable.Range(0, draws).Select(i => spread.Horizon(new TrajectoryKey(77, 0, (uint)i)))
                .CountBy(horizon => horizon).Where(entry => entry.Value > draws / 1000)
                .ToDictionary(entry => entry.Key, entry => entry.Value / (double)draws));
        }

        return name switch
        {
            "listed" => (Listed, new Dictionary<int, double> { [2] = 0.5, [3] = 0.3, [7] = 0.2 }),
            "constant" => (new ConstantSchedule(9), new Dictionary<int, double> { [9] = 1 }),
            _ => (new LogUniformSchedule(3, 17), Enumerable.Range(3, 14).ToDictionary(
                h => h, h => PortableMath.Log((h + 1) / (double)h) / PortableMath.Log(17 / 3.0))),
        };
    }

    // Pearson's statistic of all cells (horizon, place) against p(h) / E[H + reset steps].
    private static void AssertStationary(
        IReadOnlyList<TruncationCursor> cursors, IReadOnlyDictionary<int, double> shares, int resetSteps)
    {
        var seen = cursors.CountBy(cursor => (cursor.Horizon, Place: cursor.ResetPending ? cursor.Horizon : cursor.InnerStep))
            .ToDictionary();
        var mean = shares.Sum(entry => entry.Value * (entry.Key + resetSteps));
        var cells = shares.SelectMany(entry => Enumerable.Range(0, entry.Key + resetSteps).Select(
            place => (Seen: seen.GetValueOrDefault((entry.Key, place)), Expected: cursors.Count * entry.Value / mean))).ToArray();
        var statistic = cells.Sum(cell => (cell.Seen - cell.Expected) * (cell.Seen - cell.Expected) / cell.Expected);
        var freedom = cells.Length - 1;
        Assert.InRange(statistic, freedom - (4 * Math.Sqrt(2 * freedom)), freedom + (4 * Math.Sqrt(2 * freedom)));
        Assert.InRange(cells.Sum(cell => cell.Seen), 0.995 * cursors.Count, cursors.Count);
    }

    private static TruncationCursor[] After(int windows, int offset, ResetContract reset)
    {
        var plan = Plan(Listed, new WindowSettings(4, 5, offset, Reset: reset));
        var slot = new ComputeSlot<double>();
        var theta = OuterState<double>.Initial(plan).Theta;
        using var pairs = new PairState<double>(plan, new PairBlock(0, 10_000));
        for (var window = 0; window < windows; window++)
        {
            pairs.RunWindow(theta, slot);
        }

        return [.. pairs.Cursors];
    }

    private static int[] Resets(int offset, int pairs, ITruncationSchedule schedule) =>
    [
        .. TestPlans.Windows(Plan(schedule, new WindowSettings(0, 50, offset)), new PairBlock(0, pairs), 30)
            .Select(contribution => contribution.Reports.Sum(report => report.Resets)),
    ];

    private static TrainingPlan<double> Plan(ITruncationSchedule schedule, WindowSettings windows) => TestPlans.Of(
        new SgdOnSquare<double>(0.1), new PersistentES<double>(), new GaussianNoise<double>(0.01), schedule, windows);
}
