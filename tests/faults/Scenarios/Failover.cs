namespace Involute.Faults.Scenarios;

/// <summary>One learner after another.</summary>
internal static class Failover
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);

    /// <summary>The leading learner is killed.</summary>
    public static Task<string> KillAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Kill);

    /// <summary>The leading learner is killed and comes back at once, as with a supervisor.</summary>
    public static async Task<string> KillAndRestartAsync(Lab lab, string run, Chance chance)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        var both = $"{first},{second}";
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, "--listen", first));
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", both), lab.StartWorker($"{run}-worker-2", both)];
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, "--listen", second, "--join", first));
        try
        {
            await lab.UntilMembersAsync(run, 4, leader.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            var before = lab.Step(run);
            Lab.Require(leader.Signal(Signals.Kill), "the run was over before the first learner was: more --steps are needed");
            var ended = Task.WhenAll(leader.End, standby.End);
            var stall = await lab.UntilStepAsync(run, before + 2, ended);
            Lab.Require(await Lab.UntilEndAsync(standby) == 0, "the second learner did not end with 0");
            Lab.Require(await Lab.UntilEndAsync(leader) == 0, "the first learner did not end with 0");
            Lab.Require(stall < Promise, $"it took {stall.TotalSeconds:0.0} s until a new step");
            return $"a new step after {stall.TotalSeconds:0.0} s; both learners end with 0";
        }
        finally
        {
            await Kills.EndAsync(workers);
        }
    }

    /// <summary>The leading learner is asked to end.</summary>
    public static Task<string> TerminateAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Terminate);

    private static async Task<string> RunAsync(Lab lab, string run, Chance chance, int signal)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        var both = $"{first},{second}";
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, "--listen", first));
        leader.Release();
        List<SupervisedProcess> workers =
            [lab.StartWorker($"{run}-worker-1", both), lab.StartWorker($"{run}-worker-2", both)];
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, "--listen", second, "--join", first));
        try
        {
            await lab.UntilMembersAsync(run, 4, leader.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            var before = lab.Step(run);
            Lab.Require(!leader.End.IsCompleted, "the run was over before the first learner was: more --steps are needed");
            leader.Signal(signal);
            var stall = await lab.UntilStepAsync(run, before + 2, standby.End);
            var code = await Lab.UntilEndAsync(leader);
            Lab.Require(code == 128 + signal, $"the first learner ended with {code}");
            Lab.Require(await Lab.UntilEndAsync(standby) == 0, "the second learner did not end with 0");
            Lab.Require(stall < Promise, $"the standby took {stall.TotalSeconds:0.0} s until a new step");
            return $"a new step after {stall.TotalSeconds:0.0} s";
        }
        finally
        {
            await Kills.EndAsync(workers);
        }
    }
}
