namespace Involute.Faults.Scenarios;

/// <summary>States of pairs that are too large for memory and for one row: they live in the store.</summary>
internal static class LargeStates
{
    // The program with its libraries, and what is collected late.
    private const long ProgramBytes = 350L << 20;

    /// <summary>A worker is killed, then the learner: the pairs are made again from the store.</summary>
    public static async Task<string> KillsAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        foreach (var process in new[] { cluster.Workers[0], cluster.Learner })
        {
            await cluster.UntilStepAsync(lab.Step(run) + 1);
            await lab.WaitAsync(chance.Seconds(0, 3));
            Lab.Require(
                !cluster.Learner.End.IsCompleted && process.Signal(Signals.Kill),
                "the run was over before the kill: more steps are needed");
        }

        await cluster.UntilDoneAsync();
        return $"{Job.LargeStateBytes >> 20} MiB of states";
    }

    /// <summary>One process with 4 GB, killed and resumed; its memory is watched.</summary>
    public static async Task<string> HugeAsync(Lab lab, string run, Chance chance)
    {
        var memory = PeakMemory.Watch(lab);
        await using var train = lab.Start(run, life => life == 0
            ? lab.Begin("train", run)
            : ["resume", run, "--runs", lab.Folder, "--no-eval"]);
        await lab.UntilStepAsync(run, Job.HugeCheckpoint + 1, train.End);
        await lab.WaitAsync(chance.Seconds(0, 2));
        Lab.Require(!train.End.IsCompleted && train.Signal(Signals.Kill), "the run was over before the kill");
        Lab.Require(await lab.UntilEndAsync(train) == 0, "the run did not end with 0");
        var peak = await memory.StopAsync();
        var most = (long)(Job.HugeStateBytes * 1.1) + ProgramBytes;
        Lab.Require(peak < most, $"{peak >> 20} MiB of memory for {Job.HugeStateBytes >> 20} MiB of states");
        return $"{Job.HugeStateBytes >> 20} MiB of states, at most {peak >> 20} MiB of memory";
    }

    /// <summary>What this machine lacks for four gigabytes; null if nothing.</summary>
    public static string? LackForHuge()
    {
        const long Disk = 40L << 30;
        const long Memory = 8L << 30;
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < Memory ? "8 GiB of memory"
            : new DriveInfo(Path.GetTempPath()).AvailableFreeSpace < Disk ? "40 GiB of disk"
            : null;
    }
}
