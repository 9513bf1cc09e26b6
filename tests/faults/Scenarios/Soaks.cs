namespace Involute.Faults.Scenarios;

/// <summary>Accidents that go on and on: what <c>tests/faults/soak</c> does for hours.</summary>
internal static class Soaks
{
    // What memory, handles and threads may grow by between the second quarter of the time and the last.
    private const double MemoryGrowth = 1.1;
    private const long MemoryNoise = 24L << 20;
    private const int HandleNoise = 8;
    private const int ThreadNoise = 6;
    private const int LeastTurns = 4;

    /// <summary><c>kill -9</c> of any process, learner or worker, again and again.</summary>
    public static async Task<string> MixedKillsAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 3);
        SupervisedProcess[] all = [cluster.Learner, .. cluster.Workers];
        var (kills, learners) = (0, 0);
        while (kills < lab.Options.Kills)
        {
            // Each life of the learner makes progress: supervisors ensure that by backing off.
            await cluster.UntilStepAsync(lab.Step(run) + 1);
            await lab.WaitAsync(chance.Seconds(0.1, 2));
            Lab.Require(!cluster.Learner.End.IsCompleted, "the learner has ended");
            var victim = all[chance.Below(all.Length)];
            if (victim.Signal(Signals.Kill))
            {
                kills++;
                learners += victim == cluster.Learner ? 1 : 0;
            }
        }

        await cluster.UntilStepAsync(lab.Step(run) + 1);
        await cluster.StopAsync();
        return $"{kills} kills, {learners} of the learner; {lab.Job.Steps} steps";
    }

    /// <summary>Workers join and leave all the time; the learner's memory, handles and threads stay as they are.</summary>
    public static async Task<string> TurnoverAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 1);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        var samples = new List<ProcessResources>();
        var start = TimeProvider.System.GetTimestamp();
        while (samples.Count < LeastTurns || TimeProvider.System.GetElapsedTime(start) < lab.Options.Turnover)
        {
            var guest = lab.StartWorker($"{run}-guest-{samples.Count}", cluster.Address);
            await cluster.UntilMembersAsync(3);
            await lab.WaitAsync(chance.Seconds(0.5, 2));
            guest.Release();
            guest.Signal(chance.Below(2) == 0 ? Signals.Terminate : Signals.Kill);
            await lab.UntilEndAsync(guest);
            await lab.UntilAtMostMembersAsync(run, 2, cluster.Learner.End);
            await cluster.UntilStepAsync(lab.Step(run) + 2);
            Lab.Require(!cluster.Learner.End.IsCompleted, "the learner has ended");
            samples.Add(ProcessResources.Of(cluster.Learner.ProcessId!.Value));
        }

        await cluster.StopAsync();
        var quarter = samples.Count / 4;
        var before = ProcessResources.Median(samples.GetRange(quarter, quarter));
        var after = ProcessResources.Median(samples[^quarter..]);
        var measured = $"{samples.Count} joins and leaves; learner from {before} to {after}";
        Lab.Require(
            after.MemoryBytes < (MemoryGrowth * before.MemoryBytes) + MemoryNoise
            && after.Handles <= before.Handles + HandleNoise
            && after.Threads <= before.Threads + ThreadNoise,
            measured);
        return measured;
    }
}
