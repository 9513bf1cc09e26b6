using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class FirstPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_said_once_when_the_steps_after_the_first_took_a_second()
    {
        var pace = new FirstPace(_time, 104);
        Assert.Null(After(3, pace, 1));
        Assert.Null(After(0.4, pace, 2));
        Assert.Null(After(0.4, pace, 3));
        Assert.Equal(
            "the first outer step took 3.0s; after it 2.5 outer steps per second, 5000 inner steps: the other 100 outer steps "
                + "take about 40.0s",
            After(0.4, pace, 4));
        Assert.Null(After(5, pace, 5));
    }

    [Fact]
    public void Steps_that_take_long_are_measured_as_soon_as_there_is_a_second_one()
    {
        var pace = new FirstPace(_time, 1_000_000_000_000);
        Assert.Null(After(7200, pace, 11));
        Assert.Equal(
            "the first outer step took 2h 00m; after it 0.000278 outer steps per second, 1 inner steps", After(3600, pace, 12));
    }

    [Fact]
    public void A_run_that_is_done_has_no_time_left()
    {
        var pace = new FirstPace(_time, 2);
        Assert.Null(After(1, pace, 1));
        Assert.EndsWith("; after it 2 outer steps per second, 4000 inner steps", After(0.5, pace, 2), StringComparison.Ordinal);
    }

    private string? After(double seconds, FirstPace pace, long step)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return pace.StepDone(new OuterStepResult<float>(
            new OuterState<float>(new Theta<float>(new ThetaVersion(step), [0]), default), 1, 1, 2000, []));
    }
}
