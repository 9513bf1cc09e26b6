using Involute.Host.Reporting.Clock;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting.Clock;

public sealed class RowPaceTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.025)]
    [InlineData(10)]
    public void A_run_of_ten_million_steps_has_a_bounded_number_of_rows(double secondsPerStep)
    {
        var rows = Rows(steps: 10_000_000, secondsPerStep, cost: TimeSpan.FromTicks(500));

        // One pause after the other is the duration divided by 2,000.
        Assert.InRange(rows, 2000 * 4, 2000 * 18);
    }

    [Fact]
    public void Each_step_of_a_short_run_has_a_row()
    {
        Assert.Equal(600, Rows(steps: 600, secondsPerStep: 0.026, cost: TimeSpan.FromTicks(500)));
    }

    [Fact]
    public void Rows_that_cost_much_are_far_apart()
    {
        // A file system that takes 20 ms for a row may take them for one row in 10 seconds.
        var cost = TimeSpan.FromMilliseconds(20);
        var rows = Rows(steps: 4000, secondsPerStep: 0.025, cost);
        Assert.InRange(rows * cost.TotalSeconds / 100, RowPace.Share / 2, 2 * RowPace.Share);
    }

    private int Rows(int steps, double secondsPerStep, TimeSpan cost)
    {
        var pace = new RowPace(_time, 2000, TimeSpan.Zero);
        var rows = 0;
        for (var step = 1; step <= steps; step++)
        {
            var elapsed = step * secondsPerStep;
            if (pace.IsDue(elapsed))
            {
                var began = _time.GetTimestamp();
                _time.Advance(cost);
                pace.Wrote(began, elapsed);
                rows++;
            }
        }

        return rows;
    }
}
