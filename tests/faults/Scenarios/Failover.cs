namespace Involute.Faults.Scenarios;

/// <summary>One learner after another.</summary>
internal static class Failover
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(25);

    /// <summary>The leading learner is killed.</summary>
    public static Task<string> KillAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Kill, comesBack: false);

    /// <summary>The leading learner is killed and comes back at once, as with a supervisor.</summary>
    public static Task<string> KillAndRestartAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Kill, comesBack: true);

    /// <summary>The leading learner is asked to end.</summary>
    public static Task<string> TerminateAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Terminate, comesBack: false);

    /// <summary>The leading learner stands still for longer than the cluster waits for it, and wakes.</summary>
    /// <remarks>The standby is the cluster's learner by then, but cannot take the run: the frozen learner has its
    /// lock.</remarks>
    public static async Task<string> FreezeAsync(Lab lab, string run, Chance chance)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, [], "--listen", first));
        var workers = SmallCluster.StartWorkers(lab, run, 2, $"{first},{second}");
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, [], "--listen", second, "--join", first));
        try
        {
            await lab.UntilMembersAsync(run, 4, leader.End);
            await lab.WaitAsync(chance.Seconds(0, 1));
            Lab.Require(
                leader.Signal(Signals.Stop), "the run was over before the first learner was: more --steps are needed");
            await lab.WaitAsync(Settling);
            var before = lab.Step(run);
            await lab.WaitAsync(Pause);
            var meanwhile = lab.Step(run) - before;
            leader.Signal(Signals.Continue);
            var stall = await lab.UntilStepAsync(run, before + meanwhile + 2, standby.End);
            Lab.Require(
                meanwhile == 0, $"{meanwhile} steps were done while the learner that has the run's lock was frozen");
            foreach (var learner in new[] { leader, standby })
            {
                Lab.Require(await lab.UntilEndAsync(learner) == 0, "a learner did not end with 0");
            }

            return $"stood still; a new step {stall.TotalSeconds:0.0} s after it woke; exit codes [{string.Join(", ", leader.ExitCodes)}], "
                + $"the standby's [{string.Join(", ", standby.ExitCodes)}]";
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    private static async Task<string> RunAsync(Lab lab, string run, Chance chance, int signal, bool comesBack)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, [], "--listen", first));
        if (!comesBack)
        {
            leader.Release();
        }

        var workers = SmallCluster.StartWorkers(lab, run, 2, $"{first},{second}");
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, [], "--listen", second, "--join", first));
        try
        {
            await lab.UntilMembersAsync(run, 4, leader.End);
            await lab.WaitAsync(chance.Seconds(0, 1));
            var before = lab.Step(run);
            Lab.Require(
                leader.Signal(signal), "the run was over before the first learner was: more --steps are needed");
            var stall = await lab.UntilStepAsync(run, before + 2, standby.End);
            Lab.Require(await lab.UntilEndAsync(standby) == 0, "the second learner did not end with 0");
            var code = await lab.UntilEndAsync(leader);
            Lab.Require(code == (comesBack ? 0 : Signals.ExitCode(signal)), $"the first learner ended with {code}");
            lab.RequireInTime(stall, Promise, $"the standby took {stall.TotalSeconds:0.0} s until a new step");
            return $"a new step after {stall.TotalSeconds:0.0} s";
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }
}
