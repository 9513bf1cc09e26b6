namespace Involute.Faults.Scenarios;

/// <summary>A user's step function that does not return.</summary>
internal static class Hanging
{
    private const int NoReturn = 70;

    /// <summary>Seconds after which a window counts as one that does not return.</summary>
    public const int LimitSeconds = 12;

    /// <summary>Where the plugin of the job is.</summary>
    public static string PluginFolder(string folder) => Path.Combine(folder, "hanging");

    /// <summary>A worker's windows hang until the file that they look at is gone.</summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        var plugin = PluginFolder(lab.Folder);
        Directory.CreateDirectory(plugin);
        var assembly = typeof(Swing).Assembly.Location;
        File.Copy(assembly, Path.Combine(plugin, Path.GetFileName(assembly)), overwrite: true);

        var flag = Path.Combine(lab.Folder, $"{run}-endless");
        await using var cluster = SmallCluster.Start(lab, run, workers: 1, "--plugin", plugin);
        await using var worker = lab.Start(
            $"{run}-worker-2",
            _ => ["worker", "--join", cluster.Address, "--threads", "1", "--plugin", plugin],
            new Dictionary<string, string> { [Swing.EndlessWhile] = flag });
        await cluster.UntilMembersAsync(3);
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(1, 2));
        var before = lab.Step(run);
        await File.WriteAllTextAsync(flag, "", lab.Cancellation);
        worker.HoldBack();
        var ended = await lab.UntilAsync(() => worker.ExitCodes.Count > 0, cluster.Learner.End);
        Lab.Require(worker.ExitCodes is [NoReturn], $"the worker's exit codes are [{string.Join(", ", worker.ExitCodes)}]");
        var stall = await cluster.UntilStepAsync(lab.Step(run) + 4);
        File.Delete(flag);
        worker.LetStart();
        await cluster.UntilMembersAsync(3);
        await cluster.UntilStepAsync(lab.Step(run) + 4);
        await cluster.StopAsync();
        return $"the worker ended with {NoReturn} after {ended.TotalSeconds:0.0} s (window-limit {LimitSeconds} s), its pairs went "
            + $"on elsewhere {stall.TotalSeconds:0.0} s later; step {before} and on";
    }
}
