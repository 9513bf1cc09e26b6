using Involute.Actors.Cluster;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Cluster;

public sealed class FramePaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_flood_ends_its_connection_and_what_comes_after_is_dropped()
    {
        var pace = new FramePace(_time);

        Assert.All(Enumerable.Range(0, FramePace.Most), _ => Assert.Equal(FramePace.Verdict.Pass, pace.Take()));
        Assert.Equal(FramePace.Verdict.End, pace.Take());
        Assert.Equal(FramePace.Verdict.Drop, pace.Take());
    }

    [Fact]
    public void What_is_spread_over_time_passes()
    {
        var pace = new FramePace(_time);
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < FramePace.Most / 10; i++)
            {
                Assert.Equal(FramePace.Verdict.Pass, pace.Take());
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
