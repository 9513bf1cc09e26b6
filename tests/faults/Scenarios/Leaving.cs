namespace Involute.Faults.Scenarios;

/// <summary>SIGTERM.</summary>
internal static class Leaving
{
    /// <summary>Less than the time in which others notice that a process is gone: it has to tell them itself.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(8);

    /// <summary>A worker is asked to end.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 2);
        await cluster.UntilMembersAsync();
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(0, 1));
        var worker = cluster.Workers[0];
        worker.Release();
        var before = lab.Step(run);
        Lab.Require(
            !cluster.Learner.End.IsCompleted && worker.Signal(Signals.Terminate),
            "the run was over before the worker was: more --steps are needed");
        var stall = await cluster.UntilStepAsync(before + 4);
        var code = await lab.UntilEndAsync(worker);
        Lab.Require(code == Signals.ExitCode(Signals.Terminate), $"the worker ended with {code}");
        lab.RequireInTime(stall, Promise, $"it took {stall.TotalSeconds:0.0} s until the next steps");
        await cluster.UntilDoneAsync();
        return $"the next steps after {stall.TotalSeconds:0.0} s; exit code {code}";
    }
}
