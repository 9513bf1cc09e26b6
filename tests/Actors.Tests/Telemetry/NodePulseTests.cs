using Involute.Actors.Telemetry;
using Xunit;

namespace Involute.Actors.Tests.Telemetry;

public sealed class NodePulseTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void A_step_begins_with_its_theta_and_is_done_with_its_last_window()
    {
        var pulse = new NodePulse(_clock);

        pulse.Note(null, 0, isBusy: false);
        Assert.Null(pulse.Now);

        var began = _clock.Now;
        pulse.Note(3, 4, isBusy: true);
        _clock.Now += TimeSpan.FromSeconds(2);
        pulse.Note(3, 4, isBusy: true);
        Assert.Equal(new NodeBeat(3, 4, began, null, 0), pulse.Now);
        pulse.Note(3, 4, isBusy: false);
        _clock.Now += TimeSpan.FromSeconds(5);
        pulse.Note(3, 4, isBusy: false);
        Assert.Equal(new NodeBeat(3, 4, began, began.AddSeconds(2), 2), pulse.Now);

        // Pairs of a worker that is gone come here, and are computed for the same step.
        pulse.Note(3, 6, isBusy: true);
        Assert.Equal(new NodeBeat(3, 6, began, null, 2), pulse.Now);

        pulse.Stop();
        Assert.Null(pulse.Now);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
