namespace Involute.Faults.Scenarios;

/// <summary>Processes that stop and go on.</summary>
internal static class Freezes
{
    /// <summary>A worker, for longer than the cluster waits for it.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", address), lab.StartWorker($"{run}-worker-2", address)];
        try
        {
            await lab.UntilStepAsync(run, lab.Options.Steps / 4, learner.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            Lab.Require(workers[0].Signal(Signals.Stop), "the worker was not there");
            var stall = await lab.UntilStepAsync(run, lab.Step(run) + 2, learner.End);
            await Lab.WaitAsync(TimeSpan.FromSeconds(20) - stall);
            workers[0].Signal(Signals.Continue);
            Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
            return $"went on after {stall.TotalSeconds:0.0} s; the worker's exit codes: [{string.Join(", ", workers[0].ExitCodes)}]";
        }
        finally
        {
            await Kills.EndAsync(workers);
        }
    }

    /// <summary>The learner, for longer than a heartbeat may be late.</summary>
    public static async Task<string> LearnerAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", address), lab.StartWorker($"{run}-worker-2", address)];
        try
        {
            await lab.UntilStepAsync(run, lab.Options.Steps / 4, learner.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            Lab.Require(learner.Signal(Signals.Stop), "the learner was not there");
            await Lab.WaitAsync(TimeSpan.FromSeconds(15));
            var before = lab.Step(run);
            learner.Signal(Signals.Continue);
            var stall = await lab.UntilStepAsync(run, before + 2, learner.End);
            Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
            return $"went on {stall.TotalSeconds:0.0} s after it woke; its exit codes: [{string.Join(", ", learner.ExitCodes)}]";
        }
        finally
        {
            await Kills.EndAsync(workers);
        }
    }
}
