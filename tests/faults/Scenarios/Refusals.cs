namespace Involute.Faults.Scenarios;

/// <summary>What must not be let in.</summary>
internal static class Refusals
{
    private const int RunHeld = 73;

    /// <summary>A second learner, which was not told to stand by.</summary>
    public static async Task<string> SecondLearnerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 1);
        await cluster.UntilStepAsync(1);
        await Lab.WaitAsync(chance.Seconds(0, 1));
        var pid = cluster.Learner.ProcessId;
        var (code, output) = await lab.RunAsync(
            "learner", "--resume", run, "--runs", lab.Folder, "--listen", "127.0.0.1:0");
        Lab.Require(code == RunHeld, $"the second learner ended with {code}: {output}");
        Lab.Require(output.Contains($"pid {pid} ", StringComparison.Ordinal), $"it does not name the holder: {output}");
        await cluster.UntilDoneAsync();
        return $"exit code {RunHeld}, the holder named";
    }
}
