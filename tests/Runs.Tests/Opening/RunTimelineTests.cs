using Involute.Runs.Opening;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Opening;

public sealed class RunTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_pause_between_two_learners_does_not_count()
    {
        // Events 1 to 41: a start and 40 steps, a second each. An hour later another 21, half a second each.
        var run = RecordedRun.Of(40);
        run.Begin(2);
        for (var step = 41; step <= 60; step++)
        {
            run.Record(step);
        }

        var timeline = Read(run, sequence => sequence <= 41 ? sequence - 1 : 3600 + ((sequence - 42) / 2.0));

        Assert.Equal(60, timeline.Step);
        Assert.Equal(Start, timeline.Began);
        Assert.Equal(Start.AddSeconds(3610), timeline.LastStep);
        Assert.Equal(50, timeline.Seconds, 6);
        Assert.Equal(1.2, timeline.Rate!.Value, 6);
        Assert.Equal(2, timeline.RateNow!.Value, 6);
    }

    [Fact]
    public void The_rate_now_is_that_of_the_last_quarter_of_a_minute()
    {
        var run = RecordedRun.Of(1000);

        // Ten steps in a second at first, one in the end.
        var timeline = Read(run, sequence => sequence < 900 ? sequence / 10.0 : 90 + (sequence - 900));

        Assert.Equal(1, timeline.RateNow!.Value, 6);
    }

    [Fact]
    public void Steps_that_were_done_again_count_once_and_their_time_twice()
    {
        var run = RecordedRun.Of(10, 5);
        run.Begin(2);
        for (var step = 6; step <= 12; step++)
        {
            run.Record(step);
        }

        var timeline = Read(run, sequence => sequence);

        // Twelve events of the first learner, with its start and a checkpoint, and eight of the second.
        Assert.Equal(12, timeline.Step);
        Assert.Equal(11 + 7, timeline.Seconds, 6);
    }

    [Fact]
    public void A_run_that_has_written_nothing_has_no_rate()
    {
        var timeline = Read(new RecordedRun(), sequence => sequence);

        Assert.Equal(0, timeline.Step);
        Assert.Null(timeline.Rate);
        Assert.Null(timeline.RateNow);
    }

    // Steps of a batch have one time.
    [Fact]
    public void Without_time_between_its_steps_a_run_has_no_rate()
    {
        var timeline = Read(RecordedRun.Of(10), _ => 7);

        Assert.Equal(10, timeline.Step);
        Assert.Null(timeline.Rate);
        Assert.Null(timeline.RateNow);
    }

    private static RunTimeline Read(RecordedRun run, Func<long, double> seconds)
    {
        run.Tamper = rows => rows.Select(row => row with { Created = Start.AddSeconds(seconds(row.Sequence)) });
        return RunTimeline.Of(run, run.PersistenceIds[0]);
    }
}
