using Involute.Actors.Learning;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class CheckpointPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_interval_is_kept_whatever_the_time()
    {
        var pace = new CheckpointPace(() => 3, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([3, 6, 9], Enumerable.Range(1, 10).Where(step => pace.IsDue(step)));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0.05, 5)]
    [InlineData(0.4, 20)]
    [InlineData(3, 150)]
    [InlineData(60, 300)]
    public void By_time_writing_takes_at_most_two_percent_within_limits(double cost, double pause)
    {
        var pace = new CheckpointPace(() => null, _time);
        Save(pace, cost);

        _time.Advance(TimeSpan.FromSeconds(Math.Max(0, pause - cost)) - TimeSpan.FromTicks(1));
        Assert.False(pace.IsDue(1));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(pace.IsDue(2));
    }

    [Fact]
    public void The_share_holds_over_a_run_whose_checkpoints_take_now_long_now_short()
    {
        var pace = new CheckpointPace(() => null, _time);
        double[] costs = [0.2, 2, 0.1, 0.1, 1.5, 3, 0.5];
        var (start, written) = (_time.GetTimestamp(), 0.0);
        for (var step = 1; step <= 100_000; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            if (pace.IsDue(step))
            {
                var cost = costs[step % costs.Length];
                Save(pace, cost);
                written += cost;
            }
        }

        Assert.InRange(written / _time.GetElapsedTime(start).TotalSeconds, 0.001, 0.02);
    }

    [Fact]
    public void A_run_that_begins_has_its_first_checkpoint_after_the_shortest_pause()
    {
        var pace = new CheckpointPace(() => null, _time);

        Assert.False(pace.IsDue(1));
        _time.Advance(CheckpointPace.Shortest);
        Assert.True(pace.IsDue(2));
    }

    private void Save(CheckpointPace pace, double seconds)
    {
        pace.Begun();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        pace.Done();
    }
}
