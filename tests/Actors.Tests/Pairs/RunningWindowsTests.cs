using Involute.Actors.Pairs;
using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Pairs;

public sealed class RunningWindowsTests
{
    private static readonly PlacedBlock Pairs = new(new PairBlock(4, 2), 1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly RunningWindows _windows;

    public RunningWindowsTests() => _windows = new RunningWindows(_time);

    [Fact]
    public void Windows_that_return_are_no_news()
    {
        for (var step = 0; step < 1000; step++)
        {
            using (_windows.Begin(Pairs, new ThetaVersion(step)))
            {
                Assert.Empty(_windows.Look(Look, Hour));
            }
        }
    }

    [Fact]
    public void A_window_that_does_not_return_is_told_of_once_and_given_up_after_ten_minutes()
    {
        Return(TimeSpan.FromSeconds(0.01));
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        Assert.Equal([(30, false), (600, true)], News(1000, Hour));
    }

    [Fact]
    public void Windows_that_are_usually_long_get_more_time_but_no_more_than_the_setting()
    {
        Return(TimeSpan.FromSeconds(20));
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        Assert.Equal([(200, false), (2000, true)], News(1000, Hour));
    }

    [Fact]
    public void The_setting_is_the_most()
    {
        Return(TimeSpan.FromSeconds(20));
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        Assert.Equal([(200, false), (1000, true)], News(1000, TimeSpan.FromSeconds(1000)));
    }

    [Fact]
    public void The_first_window_gets_the_whole_setting()
    {
        using var window = _windows.Begin(Pairs, new ThetaVersion(0));
        Assert.Equal([(30, false), (3600, true)], News(1000, Hour));
    }

    [Fact]
    public void A_limit_that_falls_below_what_a_window_has_lasted_is_told_at_the_next_look()
    {
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        Assert.Equal([(30, false)], News(200, Hour));
        Return(TimeSpan.FromSeconds(0.01));

        Assert.True(Assert.Single(_windows.Look(Look, Hour)).IsTooLong);
        Assert.Empty(_windows.Look(Look, Hour));
    }

    [Fact]
    public void Time_in_which_nobody_looked_does_not_count()
    {
        Return(TimeSpan.FromSeconds(0.01));
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_windows.Look(Look, Hour));
    }

    [Fact]
    public void The_line_has_pairs_step_place_and_setting()
    {
        using var window = _windows.Begin(Pairs, new ThetaVersion(41));
        Assert.Equal(
            "pairs 4 to 5, outer step 42, in this process (pid 7): a window has not returned for 30 s. Its step function may "
                + "not return; the run waits 3600 s in all (involute.window-limit)",
            Assert.Single(_windows.Look(TimeSpan.FromSeconds(30), Hour)).Line("in this process (pid 7)"));
    }

    private void Return(TimeSpan after)
    {
        using (_windows.Begin(Pairs, new ThetaVersion(40)))
        {
            _time.Advance(after);
        }
    }

    private List<(double Lasted, bool IsTooLong)> News(int looks, TimeSpan limit) =>
        [.. Enumerable.Range(0, looks).SelectMany(_ => _windows.Look(Look, limit))
            .Select(window => (window.Lasted.TotalSeconds, window.IsTooLong))];
}
