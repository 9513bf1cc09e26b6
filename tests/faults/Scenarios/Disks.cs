using Involute.Faults.Machine;

namespace Involute.Faults.Scenarios;

/// <summary>Disks that are full, and one whose power is cut.</summary>
internal static class Disks
{
    private const string Away = "the store does not answer";
    private const string Back = "the store answers again";
    private const int SmallMebibytes = 8;
    private const int LargeMebibytes = 256;
    private static readonly TimeSpan StopPromise = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The disk with the run is full, and has space again; it is full again, and the run is asked to stop.
    /// </summary>
    public static async Task<string> FullAsync(Lab lab, string run, Chance chance)
    {
        var disk = lab.Own(Disk.InMemory(Path.Combine(lab.Folder, $"{run}-disk"), SmallMebibytes));
        lab.Runs = disk.Path;
        var process = lab.Start(run, lab.Alone(run));
        await lab.UntilStepAsync(run, 30, process.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        disk.Fill();
        var noticed = await lab.UntilSaidAsync(process, Away);
        await lab.WaitAsync(chance.Seconds(1, 3));
        disk.Free();
        var back = await lab.UntilSaidAsync(process, Back);
        await lab.UntilStepAsync(run, lab.Step(run) + 20, process.End);

        disk.Fill();
        await lab.UntilSaidAsync(process, Away, lines: 2);
        process.HoldBack();
        process.Signal(Signals.Terminate);
        var stopped = await lab.UntilAsync(() => process.ExitCodes.Count > 0, process.End);
        var expected = Signals.ExitCode(Signals.Terminate);
        Lab.Require(process.ExitCodes is [var code] && code == expected, $"the exit codes are [{string.Join(", ", process.ExitCodes)}]");
        lab.RequireInTime(stopped, StopPromise, $"it took {stopped.TotalSeconds:0.0} s to stop");
        disk.Free();
        var reached = (await lab.ShowAsync(run)).GetProperty("outerStep").GetInt32();
        process.LetStart();
        await lab.UntilStepAsync(run, reached + 20, process.End);
        await lab.StopAsync(run, process);
        return $"a line {noticed.TotalSeconds:0.0} s after it was full, on {back.TotalSeconds:0.0} s after there was space; "
            + $"SIGTERM on the full disk: {expected} after {stopped.TotalSeconds:0.0} s; the resume went on";
    }

    /// <summary>The disk to which the output goes is full: the run does not care.</summary>
    public static async Task<string> LogFullAsync(Lab lab, string run, Chance chance)
    {
        var disk = lab.Own(Disk.InMemory(Path.Combine(lab.Folder, $"{run}-disk"), 1));
        var output = Path.Combine(disk.Path, "output");
        var process = lab.StartProgram(
            run, "sh",
            life => ["-c", $"exec \"$0\" \"$@\" >> '{output}' 2>&1", lab.Options.Program, .. lab.Alone(run)(life)]);
        await lab.UntilStepAsync(run, lab.Options.Steps / 4, process.End);
        await lab.WaitAsync(chance.Seconds(0, 1));
        disk.Fill();
        var length = new FileInfo(output).Length;
        Lab.Require(await lab.UntilEndAsync(process) == 0, $"it ended with {process.End.Result}");
        Lab.Require(
            new FileInfo(output).Length < length + 4096, "the disk was not full: the output went on");
        return $"exit code 0, all {lab.Options.Steps} steps; {length} bytes of output before";
    }

    /// <summary>The power is cut again and again: what the system had not yet written to the disk is lost.</summary>
    public static async Task<string> PowerAsync(Lab lab, string run, Chance chance)
    {
        var disk = lab.Own(Disk.InFile(Path.Combine(lab.Folder, $"{run}-disk"), LargeMebibytes));
        lab.Runs = disk.Path;
        var process = lab.Start(run, lab.Alone(run));
        var lost = new List<int>();
        for (var cut = 1; cut <= lab.Options.Kills; cut++)
        {
            var before = lab.Step(run);
            await lab.UntilStepAsync(run, before + 1, process.End);
            await lab.WaitAsync(chance.Seconds(0, 2));
            var (told, seen) = (Told(disk, run), lab.Step(run));
            process.HoldBack();
            disk.CutPower();
            process.Signal(Signals.Kill);
            await lab.UntilAsync(() => process.ExitCodes.Count >= cut, process.End);
            await disk.RestartAsync(lab.Cancellation);
            var shown = await lab.ShowAsync(run);
            var kept = shown.GetProperty("checkpointStep").GetInt64();
            Lab.Require(kept >= told, $"cut {cut}: the checkpoint of step {told} was written, and {kept} is the newest");
            lost.Add((int)Math.Max(0, seen - shown.GetProperty("outerStep").GetInt64()));
            process.LetStart();
        }

        await lab.UntilStepAsync(run, lab.Step(run) + 1, process.End);
        await lab.StopAsync(run, process);
        return $"{lab.Options.Kills} cuts; no checkpoint lost that the run had told of; at most {lost.Max()} steps "
            + "after it that were done and not yet on the disk";
    }

    // The run writes this down once its checkpoint is on the disk.
    private static long Told(Disk disk, string run)
    {
        var text = File.ReadAllText(Path.Combine(disk.Path, run, "ledger.json"));
        return System.Text.Json.JsonDocument.Parse(text).RootElement.TryGetProperty("checkpointStep", out var step)
            ? step.GetInt64()
            : 0;
    }
}
