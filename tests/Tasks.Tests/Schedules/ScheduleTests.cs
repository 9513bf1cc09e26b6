using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Tasks.Tests.Schedules;

public sealed class ScheduleTests
{
    private static IEnumerable<int> Draws(LogUniformSchedule schedule, int count) =>
        Enumerable.Range(0, count).Select(i => schedule.Horizon(new TrajectoryKey(17, 0, (uint)i)));

    [Fact]
    public void A_constant_schedule_is_constant() =>
        Assert.Equal(10, new ConstantSchedule(10).Horizon(new TrajectoryKey(0, 3, 4)));

    [Fact]
    public void Log_uniform_lengths_stay_in_their_range() =>
        Assert.All(Draws(new LogUniformSchedule(10, 100), 20_000), length => Assert.InRange(length, 10, 100));

    // Median 1000; mean 9900 / ln 100, less the half that truncation takes.
    [Fact]
    public void Log_uniform_100_to_10000_has_its_median_at_1000_and_its_mean_at_2149()
    {
        const int n = 100_000;
        var schedule = new LogUniformSchedule(100, 10_000);
        Assert.Equal(2149.26, schedule.MeanHorizon, 0.01);
        var draws = Draws(schedule, n).Select(length => (double)length).ToArray();
        Assert.Equal(0.5, draws.Count(length => length <= 1000) / (double)n, 4 * 0.5 / Math.Sqrt(n) + 0.001);
        var mean = draws.Average();
        var se = Math.Sqrt(draws.Average(length => (length - mean) * (length - mean)) / n);
        Assert.Equal(schedule.MeanHorizon, mean, 4 * se);
    }

    [Fact]
    public void A_range_of_one_length_gives_that_length()
    {
        foreach (var n in new[] { 1, 2, 3, 7, 10, 1000, 4097 })
        {
            var schedule = new LogUniformSchedule(n, n);
            Assert.Equal(n, schedule.MeanHorizon);
            Assert.All(Draws(schedule, 100), length => Assert.Equal(n, length));
        }
    }

    // The reference system: 10 at outer step 0, 55 at 5.
    [Theory]
    [InlineData(0, 10)]
    [InlineData(5, 55)]
    [InlineData(50, 100)]
    public void Scheduled_lengths_follow_the_outer_step(long outerStep, int expected)
    {
        var schedule = new CurriculumSchedule(new PiecewiseLinear((0, 10), (10, 100)));
        Assert.Equal(expected, schedule.HorizonAt(new TrajectoryKey(1, 2, 3), outerStep));
        Assert.Equal(expected, schedule.MeanHorizonAt(outerStep));
        Assert.Equal(10, schedule.Horizon(new TrajectoryKey(1, 2, 3)));
    }

    [Fact]
    public void Scheduled_lengths_spread_and_stay_in_their_range()
    {
        var schedule = new CurriculumSchedule(new ConstantValue(50), new ScheduledLengths(20, 10, 80));
        var draws =
            Enumerable.Range(0, 5000).Select(i => schedule.HorizonAt(new TrajectoryKey(1, 0, (uint)i), 9)).ToArray();
        Assert.All(draws, length => Assert.InRange(length, 10, 80));
        Assert.Contains(10, draws);
        Assert.Contains(80, draws);
        Assert.Equal(50, draws.Average(), 1.5);
    }

    [Fact]
    public void Listed_horizons_are_as_frequent_as_they_should_be()
    {
        const int n = 20_000;
        var schedule = new ListedSchedule([(2, 0.5), (3, 0.3), (7, 0.2)]);
        Assert.Equal(3.3, schedule.MeanHorizon, 1e-12);
        var draws = Enumerable.Range(0, n).Select(i => schedule.Horizon(new TrajectoryKey(5, 0, (uint)i))).ToArray();
        Assert.Equal(0.5, draws.Count(length => length == 2) / (double)n, 4 * Math.Sqrt(0.25 / n));
        Assert.Equal(0.3, draws.Count(length => length == 3) / (double)n, 4 * Math.Sqrt(0.21 / n));
        Assert.Equal(0.2, draws.Count(length => length == 7) / (double)n, 4 * Math.Sqrt(0.16 / n));
    }

    [Fact]
    public void Trajectories_that_never_end_have_the_longest_horizon() =>
        Assert.Equal(NeverEndingSchedule.Infinite, new NeverEndingSchedule().Horizon(new TrajectoryKey(0, 3, 4)));

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogUniformSchedule(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogUniformSchedule(6, 5));
        Assert.Throws<ArgumentException>(() => new ListedSchedule([]));
        Assert.Throws<ArgumentException>(() => new ListedSchedule([(0, 1)]));
        Assert.Throws<ArgumentException>(() => new ListedSchedule([(2, 0.5), (3, 0.4)]));
    }

    [Fact]
    public void A_schedule_knows_its_shortest_and_its_longest_horizon()
    {
        Assert.Equal(new HorizonRange(7, 7), Range(new ConstantSchedule(7)));
        Assert.Equal(new HorizonRange(100, 2000), Range(new LogUniformSchedule(100, 2000)));
        Assert.Equal(new HorizonRange(3, 9), Range(new ListedSchedule([(9, 0.5), (3, 0.5)])));
        Assert.Null(Range(new NeverEndingSchedule()));

        // Of outer steps 0 to 99 only; twice the spread beside it, within the limits.
        var growing = new PiecewiseLinear([(0, 10), (200, 210)]);
        Assert.Equal(new HorizonRange(10, 109), Range(new CurriculumSchedule(growing)));
        Assert.Equal(
            new HorizonRange(6, 100), Range(new CurriculumSchedule(growing, new ScheduledLengths(Spread: 2, MinLength: 5, MaxLength: 100))));

        static HorizonRange? Range(ITruncationSchedule schedule) => schedule.Range(100);
    }
}
