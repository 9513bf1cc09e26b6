namespace Involute.Faults.Scenarios;

/// <summary>One learner after another.</summary>
internal static class Failover
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);

    /// <summary>The leading learner is killed.</summary>
    public static Task<string> KillAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Kill, comesBack: false);

    /// <summary>The leading learner is killed and comes back at once, as with a supervisor.</summary>
    public static Task<string> KillAndRestartAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Kill, comesBack: true);

    /// <summary>The leading learner is asked to end.</summary>
    public static Task<string> TerminateAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, Signals.Terminate, comesBack: false);

    private static async Task<string> RunAsync(Lab lab, string run, Chance chance, int signal, bool comesBack)
    {
        var (first, second) = (Ports.Free(), Ports.Free());
        await using var leader = lab.Start($"{run}-first", lab.Learner(run, "--listen", first));
        if (!comesBack)
        {
            leader.Release();
        }

        var workers = SmallCluster.StartWorkers(lab, run, 2, $"{first},{second}");
        await lab.UntilStepAsync(run, 1, leader.End);
        await using var standby = lab.Start($"{run}-second", lab.Learner(run, "--listen", second, "--join", first));
        try
        {
            await lab.UntilMembersAsync(run, 4, leader.End);
            await Lab.WaitAsync(chance.Seconds(0, 1));
            var before = lab.Step(run);
            Lab.Require(leader.Signal(signal), "the run was over before the first learner was: more --steps are needed");
            var stall = await lab.UntilStepAsync(run, before + 2, standby.End);
            Lab.Require(await Lab.UntilEndAsync(standby) == 0, "the second learner did not end with 0");
            var code = await Lab.UntilEndAsync(leader);
            Lab.Require(code == (comesBack ? 0 : 128 + signal), $"the first learner ended with {code}");
            Lab.Require(stall < Promise, $"the standby took {stall.TotalSeconds:0.0} s until a new step");
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
