namespace Involute.Faults.Scenarios;

/// <summary>Processes that stop and go on.</summary>
internal static class Freezes
{
    private static readonly TimeSpan WorkerPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LearnerPause = TimeSpan.FromSeconds(15);

    /// <summary>Stops a worker for longer than the cluster waits for it.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        var worker = cluster.Workers[0];
        Lab.Require(worker.Signal(Signals.Stop), "the worker was not there");
        var stall = await cluster.UntilStepAsync(lab.Step(run) + 2);
        await lab.WaitAsync(stall < WorkerPause ? WorkerPause - stall : TimeSpan.Zero);
        worker.Signal(Signals.Continue);
        await cluster.UntilDoneAsync();
        return $"went on after {stall.TotalSeconds:0.0} s; the worker's exit codes: [{string.Join(", ", worker.ExitCodes)}]";
    }

    /// <summary>Stops the learner for longer than a heartbeat may be late.</summary>
    public static async Task<string> LearnerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = await StartAsync(lab, run, chance);
        Lab.Require(cluster.Learner.Signal(Signals.Stop), "the learner was not there");
        await lab.WaitAsync(LearnerPause);
        var before = lab.Step(run);
        cluster.Learner.Signal(Signals.Continue);
        var stall = await cluster.UntilStepAsync(before + 2);
        await cluster.UntilDoneAsync();
        return $"went on {stall.TotalSeconds:0.0} s after it woke; its exit codes: [{string.Join(", ", cluster.Learner.ExitCodes)}]";
    }

    private static async Task<SmallCluster> StartAsync(Lab lab, string run, Chance chance)
    {
        var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilStepAsync(lab.Options.Steps / 4);
        await lab.WaitAsync(chance.Seconds(0, 1));
        return cluster;
    }
}
