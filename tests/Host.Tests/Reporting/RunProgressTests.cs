using Involute.Host.Reporting;
using Involute.Host.Reporting.Live;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class RunProgressTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_running_run_tells_rate_time_left_nodes_slow_pairs_restarts_and_warnings()
    {
        var live = new LiveStatus(
            Time, 7, 100, 600, 10, 39, 60_000, 96, Time.AddSeconds(-3),
            [new LiveNode("127.0.0.1:4001", 2, 613, 0.0027, 1.5, 0.82)],
            [new LivePairs(6, 1, 0.0038, "127.0.0.1:4001"), new LivePairs(8, 2, 0.002, "127.0.0.1:4001")],
            1, [new LiveWarning(Time, "a worker is gone")]);
        Assert.Equal(
            [
                ("rate", "39.3 outer steps/s now, 38.1 outer steps/s overall; 60.0k inner steps/s"),
                ("time", "10.0s, about 12.7s left"),
                ("as of", "2026-11-28 12:00:00Z (checkpoint 3.0s before)"),
                ("node", "127.0.0.1:4001: 2 threads, 613 windows/s, 1.50 of the mean time, 82 % busy"),
                ("slowest pairs", "6 (0.0038s), 8-9 (0.002s)"),
                ("restarts", "1"),
                ("warning", "12:00:00Z a worker is gone"),
            ],
            new RunProgress(600, 39.3, 38.1, 10, 12.7, live).Details());
    }

    [Fact]
    public void A_run_that_has_ended_tells_its_rate_and_time() => Assert.Equal(
        [("rate", "38.1 outer steps/s overall"), ("time", "15.0s")],
        new RunProgress(600, null, 38.1, 15, null, null).Details());

    [Fact]
    public void Foreign_text_is_no_status() => Assert.Null(LiveStatus.FromJson("{\"nodes\": 1}"));
}
