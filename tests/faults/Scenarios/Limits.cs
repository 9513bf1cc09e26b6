using Involute.Faults.Machine;

namespace Involute.Faults.Scenarios;

/// <summary>Limits of containers: memory, processor time, a standstill.</summary>
internal static class Limits
{
    private const long NoMemory = 1 << 20;
    private const int Percent = 10;
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Starving = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);
    private const int Downed = 3;

    /// <summary>The system kills a worker that has no more memory.</summary>
    public static async Task<string> WorkerMemoryAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        var killed = await EatAsync(lab, cluster, cluster.Workers[0]);
        var stall = await cluster.UntilStepAsync(lab.Step(run) + 2);
        lab.RequireInTime(stall, Promise, $"it took {stall.TotalSeconds:0.0} s until the next steps");
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(lab.Step(run) + 2);
        await cluster.StopAsync();
        return $"killed after {killed.TotalSeconds:0.0} s; the next steps after {stall.TotalSeconds:0.0} s; the worker came back";
    }

    /// <summary>The same for the learner.</summary>
    public static async Task<string> LearnerMemoryAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        var killed = await EatAsync(lab, cluster, cluster.Learner);
        var stall = await cluster.UntilStepAsync(lab.Step(run) + 2);
        await cluster.StopAsync();
        return $"killed after {killed.TotalSeconds:0.0} s; new steps {stall.TotalSeconds:0.0} s later";
    }

    /// <summary>A worker gets a tenth of a processor for a while.</summary>
    public static async Task<string> ProcessorAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        var before = lab.Step(run);
        using (var group = ControlGroup.OfProcessor(Percent))
        {
            group.Add(cluster.Workers[0].ProcessId!.Value);
            await lab.WaitAsync(Starving);
        }

        var during = lab.Step(run) - before;
        await cluster.UntilStepAsync(lab.Step(run) + 20);
        await cluster.StopAsync();
        RequireCalm(cluster);
        Lab.Require(during > 0, "no step was done");
        return $"{during} steps in {Starving.TotalSeconds:0} s with {Percent} % of a processor for one of 2 workers; no process ended";
    }

    /// <summary>A worker's group is frozen for longer than the cluster waits for it.</summary>
    public static async Task<string> FreezerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        var worker = cluster.Workers[0];
        var before = lab.Step(run);
        TimeSpan stall;
        using (var group = ControlGroup.Freezing())
        {
            group.Add(worker.ProcessId!.Value);
            stall = await cluster.UntilStepAsync(before + 4);
            await lab.WaitAsync(stall < Frozen ? Frozen - stall : TimeSpan.Zero);
            group.Thaw();
        }

        await lab.UntilAsync(() => worker.ExitCodes.Count > 0, cluster.Learner.End);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(lab.Step(run) + 2);
        await cluster.StopAsync();
        Lab.Require(worker.ExitCodes[0] == Downed, $"the worker ended with {worker.ExitCodes[0]}");
        lab.RequireInTime(stall, Promise, $"it took {stall.TotalSeconds:0.0} s until the next steps");
        return $"went on after {stall.TotalSeconds:0.0} s; the worker ended with {Downed} and came back";
    }

    private static async Task<SmallCluster> StartAsync(Lab lab, string run, Chance chance)
    {
        var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(1, 3));
        return cluster;
    }

    private static async Task<TimeSpan> EatAsync(Lab lab, SmallCluster cluster, SupervisedProcess victim)
    {
        using var group = ControlGroup.OfMemory(NoMemory);
        group.Add(victim.ProcessId!.Value);
        var killed = await lab.UntilAsync(() => victim.ExitCodes.Count > 0, cluster.Learner.End);
        var code = Signals.ExitCode(Signals.Kill);
        Lab.Require(victim.ExitCodes[0] == code, $"it ended with {victim.ExitCodes[0]}, not {code}");
        return killed;
    }

    private static void RequireCalm(SmallCluster cluster)
    {
        foreach (var worker in cluster.Workers)
        {
            Lab.Require(worker.ExitCodes.Count == 0, $"a worker ended: [{string.Join(", ", worker.ExitCodes)}]");
        }
    }
}
