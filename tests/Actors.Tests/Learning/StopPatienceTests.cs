using Involute.Actors.Learning;
using Involute.Actors.Tests.Doubles;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class StopPatienceTests
{
    private readonly ManualTime _time = new();
    private readonly StopPatience _patience;

    public StopPatienceTests() => _patience = new StopPatience(_time);

    [Fact]
    public void Quick_steps_get_the_least()
    {
        Step(0.1);
        Save(0.2);
        Assert.Equal(StopPatience.Least, _patience.Wait);
    }

    [Fact]
    public void Steps_and_checkpoints_that_take_long_get_twice_their_time()
    {
        Step(5);
        Step(5);
        Save(3);
        Save(3);
        Assert.Equal(TimeSpan.FromSeconds(16), _patience.Wait);
        Step(1000);
        Step(1000);
        Assert.Equal(StopPatience.Most, _patience.Wait);
    }

    [Fact]
    public void A_time_at_which_something_was_away_is_not_the_usual_one()
    {
        Step(0.1);
        Save(0.1);
        Step(3600);
        Save(90);
        Assert.Equal(StopPatience.Least, _patience.Wait);
    }

    private void Step(double seconds)
    {
        _patience.StepBegun();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _patience.StepDone();
    }

    private void Save(double seconds)
    {
        _patience.SaveBegun();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _patience.SaveDone();
    }
}
