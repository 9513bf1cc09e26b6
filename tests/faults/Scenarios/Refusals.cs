namespace Involute.Faults.Scenarios;

/// <summary>What must not be let in.</summary>
internal static class Refusals
{
    private const int RunHeld = 73;

    /// <summary>A second learner, which was not told to stand by.</summary>
    public static async Task<string> SecondLearnerAsync(Lab lab, string run, Chance chance)
    {
        var address = Ports.Free();
        await using var learner = lab.Start(run, lab.Learner(run, "--listen", address));
        await using var worker = lab.StartWorker($"{run}-worker", address);
        await lab.UntilStepAsync(run, 1, learner.End);
        await Lab.WaitAsync(chance.Seconds(0, 1));
        var pid = learner.ProcessId;
        var (code, output) = await lab.RunAsync(
            "learner", "--resume", run, "--runs", lab.Folder, "--listen", "127.0.0.1:0");
        Lab.Require(code == RunHeld, $"the second learner ended with {code}: {output}");
        Lab.Require(output.Contains($"pid {pid} ", StringComparison.Ordinal), $"it does not name the holder: {output}");
        Lab.Require(await Lab.UntilEndAsync(learner) == 0, "the learner did not end with 0");
        return $"exit code {RunHeld}, the holder named";
    }
}
