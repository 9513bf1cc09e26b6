namespace Involute.Faults.Scenarios;

/// <summary>A theta of a million parameters.</summary>
internal static class LargeThetas
{
    // Words by which Akka may report a message that is longer than a frame.
    private static readonly string[] Oversized = ["oversized", "max-frame", "maximum-frame", "frame-size"];

    // A worker's akka settings that send its warnings to its output, and so to its log. A learner's warnings go there
    // anyway.
    private const string Loud = """
        akka {
          stdout-loglevel = WARNING
          stdout-logger-class = "Akka.Event.StandardOutLogger, Akka"
          loggers = ["Akka.Event.DefaultLogger, Akka"]
        }
        """;

    /// <summary>A worker is killed, then the learner.</summary>
    public static async Task<string> RunAsync(Lab lab, string run, Chance chance)
    {
        var loud = Path.Combine(lab.Folder, "loud.conf");
        await File.WriteAllTextAsync(loud, Loud, lab.Cancellation);
        await using var cluster = SmallCluster.Start(lab, run, workers: 2, "--config", loud);
        var memory = PeakMemory.Watch(lab);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(0, 1));
        var withoutWorker = await KillAsync(lab, run, cluster, cluster.Workers[0]);
        await cluster.UntilMembersAsync();
        await lab.WaitAsync(chance.Seconds(0, 1));
        var withoutLearner = await KillAsync(lab, run, cluster, cluster.Learner);
        await cluster.UntilDoneAsync();

        var lines = lab.Processes.SelectMany(process => File.ReadLines(process.LogFile)).ToList();
        var oversized = lines.Find(
            line => Oversized.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));
        Lab.Require(oversized is null, $"a message was longer than a frame: {oversized}");
        Lab.Require(lines.Exists(line => line.Contains("[WARNING]", StringComparison.Ordinal)), "the workers' logs are not loud");
        return $"a new step {withoutWorker.TotalSeconds:0.0} s after the worker's kill, {withoutLearner.TotalSeconds:0.0} s after the learner's; "
            + $"no oversized message; at most {await memory.StopAsync() >> 20} MiB in all";
    }

    private static async Task<TimeSpan> KillAsync(Lab lab, string run, SmallCluster cluster, SupervisedProcess process)
    {
        Lab.Require(
            !cluster.Learner.End.IsCompleted && process.Signal(Signals.Kill),
            "the run was over before the kill: more steps are needed");
        return await cluster.UntilStepAsync(lab.Step(run) + 2);
    }
}
