using Involute.Faults.Networks;

namespace Involute.Faults.Scenarios;

/// <summary>A network that is cut in two and heals.</summary>
internal static class Cuts
{
    /// <summary>The cluster must not declare a process gone that is away for this time (hocon/cluster.conf).</summary>
    private static readonly TimeSpan Hiccup = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(25);

    // An isolated standby checks every 10 s whether its run goes on elsewhere, and believes it at the third check.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>What we promise: pairs of a lost worker run elsewhere.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(15);

    // How long workers wait for a learner that they cannot reach before they declare it gone (hocon/cluster.conf,
    // late-after).
    private static readonly TimeSpan StandbyPromise = TimeSpan.FromSeconds(40);

    // When the cut begins, a step or two may be complete but not yet written.
    private const int InFlight = 2;
    private const int Downed = 3;

    /// <summary>A worker is away for so short a time that no process is declared gone.</summary>
    public static async Task<string> HiccupAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance, standby: false);
        var before = lab.Step(run);
        cluster.Network.Cut(cluster.Workers[0]);
        await lab.WaitAsync(Hiccup);
        var during = lab.Step(run) - before;
        cluster.Network.Heal();
        var stall = await lab.UntilStepAsync(run, before + during + 2, cluster.Learner.Process!.End);
        Lab.Require(during <= InFlight && cluster.Network.Held > 0, $"{during} steps were done without the worker: that was no cut");
        await lab.StopAsync(run, cluster.Learner.Process);
        foreach (var worker in cluster.Workers)
        {
            Lab.Require(worker.Process!.ExitCodes.Count == 0, $"a worker ended: [{string.Join(", ", worker.Process.ExitCodes)}]");
        }

        return $"went on {stall.TotalSeconds:0.0} s after the cut's end; no process ended";
    }

    /// <summary>A worker is away for longer than the cluster waits for it.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance, standby: false);
        var (learner, worker) = (cluster.Learner.Process!, cluster.Workers[0].Process!);
        var before = lab.Step(run);
        cluster.Network.Cut(cluster.Workers[0]);
        var stall = await lab.UntilStepAsync(run, before + InFlight + 2, learner.End);
        lab.RequireInTime(stall, Promise, $"after the cut it took {stall.TotalSeconds:0.0} s until the next steps");
        await lab.WaitAsync(stall < Long ? Long - stall : TimeSpan.Zero);
        cluster.Network.Heal();
        var back = await UntilBackAsync(lab, run, worker, 3, learner.End);
        await lab.StopAsync(run, learner);
        return $"went on after {stall.TotalSeconds:0.0} s; the worker ended with {Downed} and was back {back.TotalSeconds:0.0} s after the cut's end";
    }

    /// <summary>A standby is away for so long, and then leads.</summary>
    public static async Task<string> StandbyAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance, standby: true);
        var (learner, standby) = (cluster.Learner.Process!, cluster.Standby!.Process!);
        cluster.Network.Cut(cluster.Standby);
        var before = lab.Step(run);
        await lab.WaitAsync(Long);
        var during = lab.Step(run) - before;
        cluster.Network.Heal();

        // Both sides have declared each other gone and exchange no more messages: the standby learns from the run's
        // ledger that the run goes on.
        var back = await UntilBackAsync(lab, run, standby, 4, Task.WhenAny(learner.End, lab.WaitAsync(Patience)));
        Lab.Require(learner.ExitCodes.Count == 0, "the leader has ended");
        Lab.Require(during > InFlight, $"only {during} steps without the standby");

        learner.Release();
        Lab.Require(learner.Signal(Signals.Kill), "the leader was not there");
        var stall = await lab.UntilStepAsync(run, lab.Step(run) + 2, standby.End);
        await lab.StopAsync(run, standby);
        return $"{during} steps meanwhile; the standby ended with {Downed}, was back {back.TotalSeconds:0.0} s after the cut's end "
            + $"and, the leader killed, led after {stall.TotalSeconds:0.0} s";
    }

    /// <summary>
    /// The leader is cut off from workers and standby: it ends, so that the standby can take the run.
    /// </summary>
    public static async Task<string> LeaderAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance, standby: true);
        var (learner, standby) = (cluster.Learner.Process!, cluster.Standby!.Process!);
        learner.Release();
        var before = lab.Step(run);
        cluster.Network.Cut(cluster.Learner);
        var stall = await lab.UntilStepAsync(run, before + InFlight + 2, standby.End);
        var code = await lab.UntilEndAsync(learner);
        cluster.Network.Heal();
        Lab.Require(code == Downed, $"the leader, cut off, ended with {code}");
        lab.RequireInTime(stall, StandbyPromise, $"the standby took {stall.TotalSeconds:0.0} s until the next steps");
        await lab.StopAsync(run, standby);
        return $"the leader ended with {code}; the standby's next steps after {stall.TotalSeconds:0.0} s";
    }

    private static async Task<TimeSpan> UntilBackAsync(
        Lab lab, string run, SupervisedProcess process, int members, Task end)
    {
        var ended = await lab.UntilAsync(() => process.ExitCodes.Count > 0, end);
        var joined = await lab.UntilMembersAsync(run, members, end);
        var codes = process.ExitCodes;
        Lab.Require(codes is [Downed], $"the exit codes are [{string.Join(", ", codes)}], not [{Downed}]");
        return ended + joined;
    }

    private static async Task<CutCluster> StartAsync(Lab lab, string run, Chance chance, bool standby)
    {
        var cluster = CutCluster.Start(lab, run);
        var end = cluster.Learner.Process!.End;
        await lab.UntilMembersAsync(run, 3, end);
        await lab.UntilStepAsync(run, 1, end);
        if (standby)
        {
            cluster.AddStandby();
            await lab.UntilMembersAsync(run, 4, end);
        }

        await lab.WaitAsync(chance.Seconds(1, 2));
        return cluster;
    }
}
