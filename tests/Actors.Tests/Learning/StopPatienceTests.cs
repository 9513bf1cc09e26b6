using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Learning;

public sealed class StopPatienceTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.1, 0.2, 6)]
    [InlineData(5, 3, 16)]
    [InlineData(1000, 0, 60)]
    public void A_stop_waits_twice_what_a_step_and_a_checkpoint_take_within_limits(
        double step, double save, double wait) => Assert.Equal(
        TimeSpan.FromSeconds(wait), StopPatience.Wait(TimeSpan.FromSeconds(step), TimeSpan.FromSeconds(save)));

    [Fact]
    public void A_time_at_which_something_was_away_is_not_the_usual_one()
    {
        var usual = new UsualTime(_time);
        Assert.Equal(TimeSpan.Zero, usual.Shorter);
        Measure(usual, 0.1);
        Measure(usual, 3600);

        Assert.Equal((0.1, 3600), (usual.Shorter.TotalSeconds, usual.Longer.TotalSeconds));
        usual.End();
        Assert.Equal(3600, usual.Longer.TotalSeconds);
    }

    [Fact]
    public void A_learner_whose_steps_take_long_waits_longer()
    {
        var script = new Script(Script.Of(checkpointInterval: 3) with { Time = _time });
        for (var step = 1; step <= 4; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(7));
            script.AdvanceAll();
        }

        Assert.Equal(TimeSpan.FromSeconds(14), script.State.StopWait);
        _time.Advance(TimeSpan.FromSeconds(2));
        script.Do(new LedgerProtocol.CheckpointSaved(3));
        Assert.Equal(TimeSpan.FromSeconds(14 + (2 * 9)), script.State.StopWait);
    }

    private void Measure(UsualTime usual, double seconds)
    {
        usual.Begin();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        usual.End();
    }
}
