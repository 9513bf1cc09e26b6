namespace Involute.Faults.Scenarios;

/// <summary>What a worker's death costs, and how soon the run is as fast as before.</summary>
internal static class Restarts
{
    /// <summary>
    /// What we promise: until its pairs run elsewhere, and from its restart until the run is as fast as before.
    /// </summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(15);

    private const double AsBefore = 0.9;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Baseline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Comparison = TimeSpan.FromSeconds(5);

    // The rate says nothing about the run if other programs have used a larger part of the processors than this.
    private const double Noise = 0.15;

    // Two workers of one thread have half of the pairs each.
    private const double LeastShare = 0.5;

    /// <summary>One of two workers is killed, stays away, and comes back.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(WarmUp + chance.Seconds(0, 1));
        var pace = new Pace(lab, run);
        var start = ProcessorTime.Of(lab.Processes);
        var before = await pace.MedianAsync(Baseline);
        var othersBefore = ProcessorTime.Of(lab.Processes).OthersSince(start);

        var worker = cluster.Workers[0];
        worker.HoldBack();
        Lab.Require(worker.Signal(Signals.Kill), "the worker was not there");
        var killed = TimeProvider.System.GetTimestamp();
        var stall = await cluster.UntilStepAsync(lab.Step(run) + 2);
        lab.RequireInTime(stall, Promise, $"after the kill it took {stall.TotalSeconds:0.0} s until the next steps");
        var alone = await pace.MedianAsync(Alone);
        var rest = Away - TimeProvider.System.GetElapsedTime(killed);
        await lab.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);

        start = ProcessorTime.Of(lab.Processes);
        worker.LetStart();
        var joined = await cluster.UntilMembersAsync();
        var back = joined + await pace.UntilAsync(AsBefore * before, Longest);
        var others = Math.Max(othersBefore, ProcessorTime.Of(lab.Processes).OthersSince(start));
        await RequireWorkAsync(lab, worker, cluster.Workers[1]);
        await cluster.StopAsync();

        var recovery = back is { } time ? $"{time.TotalSeconds:0.0} s" : $"not within {Longest.TotalSeconds:0} s";
        var measured = $"a new step {stall.TotalSeconds:0.0} s after the kill; {AsBefore:P0} of the rate after the restart: {recovery} "
            + $"({before:0.0} steps/s before, {alone:0.0} with one worker; other programs had up to {others:P0} of the "
            + "processors)";
        Lab.Require(back < Promise || others > Noise || lab.Options.Untimed, measured);
        return others > Noise ? $"{measured}: too much to judge the rate by" : measured;
    }

    // However busy the machine is, the restarted worker gets as much work as the one that was there all the time.
    private static async Task RequireWorkAsync(Lab lab, SupervisedProcess back, SupervisedProcess other)
    {
        var (start, otherStart) = (ProcessorTime.Of([back]).Ours, ProcessorTime.Of([other]).Ours);
        await lab.WaitAsync(Comparison);
        var (work, otherWork) = (ProcessorTime.Of([back]).Ours - start, ProcessorTime.Of([other]).Ours - otherStart);
        Lab.Require(
            work > LeastShare * otherWork,
            $"the worker that came back works {work} ticks, the one that was there {otherWork}");
    }
}
