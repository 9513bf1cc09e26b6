namespace Involute.Faults.Scenarios;

/// <summary>Processes that must be refused.</summary>
internal static class Refusals
{
    private const int RunHeld = 73;
    private const int Refused = 64;

    /// <summary>A second learner, which was not told to stand by.</summary>
    public static async Task<string> SecondLearnerAsync(Lab lab, string run, Chance chance)
    {
        await using var cluster = SmallCluster.Start(lab, run, workers: 1);
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(0, 1));
        var pid = cluster.Learner.ProcessId;
        var (code, output) = await lab.RunAsync(
            "learner", "--resume", run, "--runs", lab.Folder, "--listen", "127.0.0.1:0");
        Lab.Require(code == RunHeld, $"the second learner ended with {code}: {output}");
        Lab.Require(output.Contains($"pid {pid} ", StringComparison.Ordinal), $"it does not name the holder: {output}");
        await cluster.UntilDoneAsync();
        return $"exit code {RunHeld}, the holder named";
    }

    /// <summary>Where the plugin of <see cref="WorkerAsync"/>'s job is.</summary>
    public static string PluginFolder(string folder) => Path.Combine(folder, "plugin");

    /// <summary>
    /// Workers without the run's plugin, with another, and with another version of it, beside a correct worker.
    /// </summary>
    public static async Task<string> WorkerAsync(Lab lab, string run, Chance chance)
    {
        var plugin = PluginFolder(lab.Folder);
        var other = PluginFolder(Path.Combine(lab.Folder, "changed"));
        foreach (var place in new[] { plugin, other })
        {
            // This program serves as the plugin: it contains a problem, Swing.
            Directory.CreateDirectory(place);
            var assembly = typeof(Swing).Assembly.Location;
            File.Copy(assembly, Path.Combine(place, Path.GetFileName(assembly)), overwrite: true);
        }

        await File.WriteAllTextAsync(Path.Combine(other, "libextra.so"), "native code more", lab.Cancellation);
        await using var cluster = SmallCluster.Start(lab, run, workers: 1, "--plugin", plugin);
        await cluster.UntilStepAsync(1);
        await lab.WaitAsync(chance.Seconds(0, 1));
        await RefuseAsync(lab, cluster, "--plugin DIR");
        await RefuseAsync(lab, cluster, "is not what involute.task.sha256 says", "--plugin", other);
        await RefuseAsync(lab, cluster, "there is no such folder", "--plugin", other + "-lost");
        var step = lab.Step(run);
        await cluster.UntilStepAsync(step + 2);
        Lab.Require(cluster.Learner.ProcessId is not null, "the run did not go on");
        await cluster.StopAsync();
        return $"exit code {Refused} and one line, three times; the run went on";
    }

    private static async Task RefuseAsync(Lab lab, SmallCluster cluster, string why, params string[] arguments)
    {
        var (code, output) = await lab.RunAsync(["worker", "--join", cluster.Address, "--threads", "1", .. arguments]);
        Lab.Require(code == Refused, $"the worker ended with {code}: {output}");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains(why, StringComparison.Ordinal)).ToList();
        Lab.Require(
            lines.Count == 1 && !output.Contains("   at ", StringComparison.Ordinal),
            $"not one line with '{why}': {output}");
    }
}
