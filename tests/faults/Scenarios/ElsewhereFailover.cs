namespace Involute.Faults.Scenarios;

/// <summary>
/// Learners as on two machines, simulated on one: each has a folder of its own, and they share a PostgreSQL server.
/// </summary>
internal static class ElsewhereFailover
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);

    /// <summary>The leader is killed, the standby takes over.</summary>
    public static Task<string> OnceAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, twice: false);

    /// <summary>The leader is killed and becomes the standby of its standby, which is killed in its turn.</summary>
    public static Task<string> TwiceAsync(Lab lab, string run, Chance chance) =>
        RunAsync(lab, run, chance, twice: true);

    private static async Task<string> RunAsync(Lab lab, string run, Chance chance, bool twice)
    {
        var (here, there) = (Ports.Free(), Ports.Free());
        await using var first = lab.Start($"{run}-first", lab.Learner(run, Stores.Postgres, "--listen", here));
        var workers = SmallCluster.StartWorkers(lab, run, 2, $"{here},{there}");
        try
        {
            await lab.UntilStepAsync(run, 1, first.End);
            var elsewhere = Copy(lab, run);
            await using var second = lab.Start($"{run}-second", _ =>
            [
                "learner", "--resume", run, "--runs", Path.Combine(lab.Folder, Path.GetDirectoryName(elsewhere)!),
                "--no-eval",
                "--listen", there, "--join", here,
            ]);
            if (!twice)
            {
                first.Release();
            }

            var stalls = new List<TimeSpan> { await KillAsync(lab, chance, first, run, second, elsewhere) };
            if (twice)
            {
                stalls.Add(await KillAsync(lab, chance, second, elsewhere, first, run));
            }

            foreach (var learner in twice ? new[] { first, second } : [second])
            {
                Lab.Require(await lab.UntilEndAsync(learner) == 0, "a learner did not end with 0");
            }

            return $"a new step after {string.Join(" and ", stalls.Select(stall => $"{stall.TotalSeconds:0.0} s"))}";
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    // Each learner writes metrics and members into its own folder, from the step at which it begins to lead.
    private static async Task<TimeSpan> KillAsync(
        Lab lab, Chance chance, SupervisedProcess leader, string run, SupervisedProcess standby, string standbyRun)
    {
        await lab.UntilMembersAsync(run, 4, leader.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        var before = lab.Step(run);
        Lab.Require(
            !leader.End.IsCompleted && leader.Signal(Signals.Kill),
            "the run was over before its learner was killed: more --steps are needed");
        var stall = await lab.UntilStepAsync(standbyRun, before + 2, standby.End);
        lab.RequireInTime(stall, Promise, $"the standby took {stall.TotalSeconds:0.0} s until a new step");
        return stall;
    }

    private static string Copy(Lab lab, string run)
    {
        var copy = Path.Combine("elsewhere", run);
        Directory.CreateDirectory(Path.Combine(lab.Folder, copy));
        File.Copy(Path.Combine(lab.Folder, run, "config.conf"), Path.Combine(lab.Folder, copy, "config.conf"));
        return copy;
    }
}
