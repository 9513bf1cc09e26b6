using Involute.Processes.Children;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

public sealed class LinePaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void So_many_lines_pass_in_a_time_and_the_others_are_told_with_the_next()
    {
        var pace = new LinePace(_time);
        for (var i = 0; i < LinePace.Most; i++)
        {
            Assert.True(pace.TryPass(out var none));
            Assert.Equal(0, none);
        }

        Assert.False(pace.TryPass(out _));
        _time.Advance(LinePace.Period - TimeSpan.FromTicks(1));
        Assert.False(pace.TryPass(out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(pace.TryPass(out var held));
        Assert.Equal(2, held);
        Assert.True(pace.TryPass(out held));
        Assert.Equal(0, held);
    }

    [Fact]
    public void What_was_held_last_is_told_at_the_end()
    {
        var pace = new LinePace(_time);
        for (var i = 0; i < LinePace.Most + 3; i++)
        {
            pace.TryPass(out _);
        }

        Assert.Equal(3, pace.TakeHeld());
        Assert.Equal(0, pace.TakeHeld());
    }
}
