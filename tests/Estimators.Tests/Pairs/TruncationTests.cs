using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

/// <summary>Which steps train and which reset, in the reference system and by our own contract.</summary>
public sealed class TruncationTests
{
    // Vectorized step, Constant(5), starts [2 4 4], ten calls: counters after each call; training except at 0.
    [Fact]
    public void Upstream_counters_of_single_steps_match_the_reference()
    {
        int[][] expected =
        [
            [3, 5, 5], [4, 0, 0], [5, 1, 1], [0, 2, 2], [1, 3, 3], [2, 4, 4], [3, 5, 5], [4, 0, 0], [5, 1, 1],
            [0, 2, 2],
        ];
        var counters = Counters([2, 4, 4], horizon: 5, window: 1, expected.Length, ResetContract.Upstream);
        Assert.Equal(expected, counters.Select(row => row.Select(cell => cell.After).ToArray()));
        Assert.All(counters.SelectMany(row => row), cell => Assert.Equal(cell.After == 0 ? 0 : 1, cell.Steps));
    }

    // The reference's simple step with H = 5 from 0, ten calls: counters, and a reset step where the counter is 0.
    [Fact]
    public void Upstream_counters_of_a_simple_step_match_the_reference() =>
        Assert.Equal(
            [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (0, 0), (1, 1), (2, 1), (3, 1), (4, 1)],
            Counters([0], 5, 1, 10, ResetContract.Upstream).Select(row => row[0]));

    // A constant schedule of 10: steps 1 to 9 are not done, the tenth is.
    [Fact]
    public void A_constant_schedule_is_done_at_its_last_step() =>
        Assert.Equal(
            [false, false, false, false, false, false, false, false, false, true],
            Counters([0], 10, 1, 10, ResetContract.Exact).Select(row => row[0].After == 0));

    // PES with H = T = 10 from [1 8 3]: one window later [0 7 2].
    [Fact]
    public void Upstream_counters_of_a_window_match_the_reference() =>
        Assert.Equal(
            [0, 7, 2], Counters([1, 8, 3], 10, 10, 1, ResetContract.Upstream)[0].Select(cell => cell.After));

    [Fact]
    public void An_exact_horizon_is_exactly_that_many_training_steps()
    {
        var counters = Counters([0], horizon: 3, window: 1, windows: 9, ResetContract.Exact);
        Assert.Equal([1, 2, 0, 1, 2, 0, 1, 2, 0], counters.Select(row => row[0].After));
        Assert.All(counters, row => Assert.Equal(1, row[0].Steps));
    }

    [Fact]
    public void A_pair_that_starts_behind_its_horizon_trains_one_step_first()
    {
        var counters = Counters([9], horizon: 4, window: 1, windows: 3, ResetContract.Exact);
        Assert.Equal([0, 1, 2], counters.Select(row => row[0].After));
    }

    // The seed's example: out of lockstep, every pair moves by the window or shows a reset.
    [Fact]
    public void Inner_steps_of_eight_pairs_differ_by_the_window_or_show_a_reset()
    {
        var plan = Plan(new LogUniformSchedule(100, 1000), 50, ResetContract.Exact) with
        {
            Windows = new WindowSettings(0, 50, 1000),
            Pairs = 8,
        };
        var resets = 0;
        foreach (var contribution in TestPlans.Windows(plan, new PairBlock(0, 8), 30))
        {
            Assert.All(contribution.Reports, report =>
            {
                Assert.Equal(50, report.Steps);
                Assert.True(report.InnerStepAfter - report.InnerStepBefore == 50 || report.Resets > 0);
            });
            Assert.True(contribution.Reports.Select(report => report.InnerStepAfter).Distinct().Count() > 4);
            resets += contribution.Reports.Sum(report => report.Resets);
        }

        Assert.True(resets > 0);
    }

    // With offset = H the start is uniform in 0..H−1.
    [Fact]
    public void Initial_offsets_are_uniform()
    {
        const int n = 50_000;
        var counts = new int[5];
        for (var pair = 0; pair < n; pair++)
        {
            counts[TruncationCursor.Initial(1, pair, 5, new ConstantSchedule(5)).InnerStep]++;
        }

        var sd = Math.Sqrt(n * 0.2 * 0.8);
        Assert.All(counts, count => Assert.InRange(count, (n * 0.2) - (4 * sd), (n * 0.2) + (4 * sd)));
    }

    // Each trajectory has the length of the outer step in which its first step runs: 3, then (at step 1, in the middle
    // of its window) 5, then, at step 4, 14.
    [Fact]
    public void A_scheduled_horizon_is_that_of_the_outer_step_in_which_the_trajectory_starts()
    {
        var plan = Plan(new CurriculumSchedule(new PiecewiseLinear((0, 3), (1, 5), (4, 14))), 2, ResetContract.Exact);
        var slot = new ComputeSlot<double>();
        var theta = OuterState<double>.Initial(plan).Theta;
        using var pair = new PairState<double>(plan, new PairBlock(0, 1));
        var after = new List<(int Age, int Horizon)>();
        for (var step = 0; step < 6; step++)
        {
            pair.RunWindow(theta, slot);
            after.Add((pair.Cursors[0].Age, pair.Cursors[0].Horizon));
            theta = new Theta<double>(theta.Version.Next, theta.Values);
        }

        Assert.Equal([(2, 3), (1, 5), (3, 5), (0, 11), (2, 14), (4, 14)], after);
    }

    [Fact]
    public void A_trajectory_that_never_ends_is_never_reset()
    {
        var windows = TestPlans.Windows(
            Plan(new NeverEndingSchedule(), 50, ResetContract.Exact), new PairBlock(0, 1), 40);
        Assert.Equal(2000, windows.Last().Reports[0].InnerStepAfter);
    }

    private static TrainingPlan<double> Plan(ITruncationSchedule schedule, int window, ResetContract reset) => TestPlans.Of(
        new SgdOnSquare<double>(0.1),
        new PersistentES<double>(),
        new GaussianNoise<double>(0.01),
        schedule,
        new WindowSettings(0, window, Reset: reset));

    // One row per window, one cell per start value. A start is a pair whose random offset happens to be that value.
    private static (int After, int Steps)[][] Counters(
        int[] starts, int horizon, int window, int windows, ResetContract reset)
    {
        var schedule = new ConstantSchedule(horizon);
        var columns = starts.Select(start =>
        {
            var offset = Math.Max(horizon, start + 1);
            var pair = Enumerable.Range(0, 10_000)
                .First(id => TruncationCursor.Initial(0, id, offset, schedule).Start == start);
            var plan = Plan(schedule, window, reset) with
            {
                Windows = new WindowSettings(0, window, offset, Reset: reset),
            };
            return TestPlans.Windows(plan, new PairBlock(pair, 1), windows)
                .Select(c => (c.Reports[0].InnerStepAfter, c.Reports[0].Steps)).ToArray();
        }).ToArray();
        return [.. Enumerable.Range(0, windows).Select(row => columns.Select(column => column[row]).ToArray())];
    }
}
