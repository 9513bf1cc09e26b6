using Involute.Commands;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Commands;

/// <summary>The rate that all clients of a console share.</summary>
public sealed class SharedPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_burst_passes_at_once_and_what_follows_in_order_at_the_rate()
    {
        var pace = new SharedPace(perSecond: 10, burst: 4, _time);
        Assert.Equal([0, 0, 0, 0, 100, 200, 300], Waits(pace, 7));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal([150, 250], Waits(pace, 2));
    }

    [Fact]
    public void A_rest_however_long_gives_one_burst()
    {
        var pace = new SharedPace(perSecond: 10, burst: 4, _time);
        Waits(pace, 50);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([0, 0, 0, 0, 100], Waits(pace, 5));
    }

    [Fact]
    public void Who_keeps_the_rate_never_waits()
    {
        var pace = new SharedPace(perSecond: 10, burst: 1, _time);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal([0], Waits(pace, 1));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private static IEnumerable<double> Waits(SharedPace pace, int turns) =>
        [.. Enumerable.Range(0, turns).Select(_ => pace.Take().TotalMilliseconds)];
}
