using System.Globalization;
using System.Text.RegularExpressions;
using Involute.Faults.Machine;

namespace Involute.Faults.Scenarios;

/// <summary>Wall clocks that jump.</summary>
internal static partial class Clocks
{
    // Much less than it takes to declare a process gone.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The clocks of learner, worker and standby jump, each its own way, forwards and backwards; then the leader is killed.
    /// </summary>
    public static async Task<string> JumpAsync(Lab lab, string run, Chance chance)
    {
        var clocks = Enumerable.Range(1, 3)
            .Select(number => new FalseClock(Path.Combine(lab.Folder, $"{run}-clock-{number}"))).ToList();
        var (first, second) = (Ports.Free(), Ports.Free());
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, [], "--listen", first), clocks[0].Environment);
        await using var worker = lab.Start(
            $"{run}-worker", _ => ["worker", "--join", $"{first},{second}", "--threads", "1"], clocks[1].Environment);
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start(
            $"{run}-second", lab.Learner(run, [], "--listen", second, "--join", first), clocks[2].Environment);
        await lab.UntilMembersAsync(run, 3, leader.End);
        await lab.WaitAsync(chance.Seconds(0, 1));

        var longest = TimeSpan.Zero;
        foreach (var (number, offset) in new[] { (0, "+2d"), (1, "-2d"), (2, "+40d"), (0, "-3h"), (1, "+1d"), (0, "+2d") })
        {
            clocks[number].Set(offset);
            var stall = await lab.UntilStepAsync(run, lab.Step(run) + 4, leader.End);
            longest = stall > longest ? stall : longest;
            await lab.WaitAsync(Between);
        }

        Lab.Require(
            leader.ExitCodes.Count + worker.ExitCodes.Count + standby.ExitCodes.Count == 0, "a process has ended");
        lab.RequireInTime(longest, Calm, $"after a jump it took {longest.TotalSeconds:0.0} s until the next steps");

        leader.Release();
        leader.Signal(Signals.Kill);
        var failover = await lab.UntilStepAsync(run, lab.Step(run) + 2, standby.End);
        lab.RequireInTime(failover, Promise, $"the standby took {failover.TotalSeconds:0.0} s");
        var days = DaysAhead(lab, run);
        Lab.Require(days > 30, $"the standby's clock was {days} days ahead: it has not jumped");
        await lab.StopAsync(run, standby);
        return $"6 jumps, no process ended, the next steps after at most {longest.TotalSeconds:0.0} s; the leader killed, the "
            + $"standby, {days} days ahead, led after {failover.TotalSeconds:0.0} s";
    }

    // The line of the learner that has claimed the run says since when it has.
    private static int DaysAhead(Lab lab, string run)
    {
        var line = File.ReadAllText(Path.Combine(lab.Runs, run, "lock.holder"));
        var since = DateTimeOffset.Parse(Since().Match(line).Value, CultureInfo.InvariantCulture);
        return (int)(since - TimeProvider.System.GetUtcNow()).TotalDays;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\S+Z")]
    private static partial Regex Since();
}
