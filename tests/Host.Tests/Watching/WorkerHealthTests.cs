using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Host.Watching;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class WorkerHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);

    private static readonly ControlProtocol.WorkerStanding Accepted =
        new("computing", "first", "127.0.0.1:4053", 7, []) { IsAccepted = true };

    [Theory]
    [InlineData(2, false, 0.5, true, "outer step 7, its theta came 2.0 s ago; computing")]
    [InlineData(61, true, 0.5, true, "outer step 7, its theta came 61.0 s ago; waiting for the next step")]
    [InlineData(61, false, 20, true, "outer step 7, its theta came 61.0 s ago; computing")]
    [InlineData(61, false, 0.5, false, "outer step 7, its theta came 61.0 s ago; computing")]
    public void A_worker_is_ready_while_its_windows_come_in_time(double age, bool done, double usual, bool ready, string end)
    {
        var beat = new NodeBeat(7, 4, Now.AddSeconds(-age), done ? Now : null, usual);

        var fitness = WorkerHealth.Judge(Accepted, beat, Now);

        Assert.Equal(ready, fitness.IsReady);
        Assert.Equal($"{(ready ? "" : "windows are not done after 60 s: ")}run first, led by 127.0.0.1:4053; {end}", fitness.Line);
    }

    [Fact]
    public void A_worker_without_a_learner_that_takes_it_is_not_ready()
    {
        Assert.Equal(
            (false, "looking for a learner"),
            Of(WorkerHealth.Judge(new("looking for a learner", null, null, null, []), null, Now)));
        Assert.Equal(
            (false, "waiting for the learner's answer"),
            Of(WorkerHealth.Judge(Accepted with { State = "waiting for the learner's answer", IsAccepted = false }, null, Now)));
        Assert.Equal(
            (true, "run first, led by 127.0.0.1:4053; the learner has given no work yet"),
            Of(WorkerHealth.Judge(Accepted, null, Now)));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(false, null, false)]
    [InlineData(true, true, false)]
    public void A_process_without_a_learner_is_ready_as_a_standby_of_a_cluster(bool hasLed, bool? isMember, bool ready) =>
        Assert.Equal(ready, RunHealth.WithoutLearner(hasLed, isMember).IsReady);

    private static (bool IsReady, string Line) Of(Dashboard.Serving.Fitness fitness) => (fitness.IsReady, fitness.Line);
}
