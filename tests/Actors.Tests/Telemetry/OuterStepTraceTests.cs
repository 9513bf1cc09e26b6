using System.Diagnostics;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Xunit;

namespace Involute.Actors.Tests.Telemetry;

public sealed class OuterStepTraceTests
{
    private readonly Clock _clock = new();

    // Other tests of this process run learners of their own: only a step with this number is this test's.
    [Fact]
    public void A_step_has_four_parts_that_follow_each_other_and_ends_on_disk()
    {
        const long Step = 7_000_001;
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Involute",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var trace = new OuterStepTrace(_clock);

        trace.Begin(Step);
        _clock.Now += TimeSpan.FromSeconds(1);
        trace.Published();
        _clock.Now += TimeSpan.FromSeconds(10);
        trace.Complete();
        _clock.Now += TimeSpan.FromSeconds(2);
        trace.Updated();
        Assert.Null(Activity.Current);
        _clock.Now += TimeSpan.FromSeconds(4);
        var saved = new LedgerProtocol.StepSaved(Step);
        Assert.Same(saved, trace.Hear(saved));

        lock (ended)
        {
            var whole = Assert.Single(ended, one => one.GetTagItem("involute.outer_step") is Step);
            Assert.Equal(("outer step", TimeSpan.FromSeconds(17)), (whole.OperationName, whole.Duration));
            Assert.Equal(
                [("publish", 1), ("windows", 10), ("update", 2), ("record", 4)],
                ended.Where(one => one.ParentSpanId == whole.SpanId).OrderBy(one => one.StartTimeUtc)
                    .Select(one => (one.OperationName, (int)one.Duration.TotalSeconds)));
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
