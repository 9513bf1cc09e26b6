using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Involute.Faults;

/// <summary>Where runs are made and looked at.</summary>
internal sealed class Lab(Options options, string folder)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // Far more than any scenario takes on a loaded machine: a run that stands still is a failure, not a wait without end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public Options Options => options;

    public string Folder => folder;

    /// <summary>Begins a run: the settings that all scenarios share, so that all must end with the same theta.</summary>
    /// <remarks>Pairs out of lockstep, resets inside windows, checkpoints so far apart that a kill loses steps.</remarks>
    public IReadOnlyList<string> Begin(string command, string run, params string[] more) =>
    [
        command, "--name", run, "--runs", folder, "--no-eval",
        "--set", $"involute.outer-steps={options.Steps.ToString(CultureInfo.InvariantCulture)}",
        "--set", "involute.checkpoint-interval=25",
        .. more,
    ];

    /// <summary>Begins a run in its first life and resumes it in every later one, as far as it was begun.</summary>
    public Func<int, IReadOnlyList<string>> Learner(string run, params string[] more) => _ =>
        File.Exists(Path.Combine(folder, run, "config.conf"))
            ? ["learner", "--resume", run, "--runs", folder, "--no-eval", .. more]
            : Begin("learner", run, more);

    public SupervisedProcess Start(string name, Func<int, IReadOnlyList<string>> arguments) =>
        SupervisedProcess.Start(options.Program, arguments, Path.Combine(folder, $"{name}.log"));

    public SupervisedProcess StartWorker(string name, string join) =>
        Start(name, _ => ["worker", "--join", join, "--threads", "1"]);

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(options.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await using var ending = patience.Token.Register(() => Signals.Send(process.Id, Signals.Kill));
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Hash of a finished run's theta.</summary>
    public async Task<string> ThetaAsync(string run)
    {
        var (code, output) = await RunAsync("show", run, "--runs", folder, "--json");
        Require(code == 0, $"show {run} ended with {code}: {output}");
        return JsonDocument.Parse(output).RootElement.GetProperty("thetaSha256").GetString()!;
    }

    /// <summary>Checks the run from its database alone, recomputation included.</summary>
    public async Task VerifyAsync(string run)
    {
        var (code, output) = await RunAsync("verify", run, "--runs", folder, "--replay");
        Require(code == 0, $"verify {run} --replay ended with {code}: {output}");
    }

    /// <summary>The newest outer step that a run has written down.</summary>
    public long Step(string run)
    {
        var path = Path.Combine(folder, run, "metrics.csv");
        if (!File.Exists(path))
        {
            return 0;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, 4096), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n');
        return lines.Length > 1 && long.TryParse(
            lines[^2].Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : 0;
    }

    /// <summary>Waits until the run has done so many steps, or has ended; returns how long it took.</summary>
    public async Task<TimeSpan> UntilStepAsync(string run, long step, Task end)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Step(run) < step && !end.IsCompleted)
        {
            Require(
                TimeProvider.System.GetElapsedTime(start) < Patience, $"{run} stands at step {Step(run)}, wanted {step}");
            await Task.Delay(Look, TimeProvider.System);
        }

        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Waits until so many members of a run's cluster are up.</summary>
    public async Task UntilMembersAsync(string run, int members, Task end)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Members(run) < members && !end.IsCompleted)
        {
            Require(TimeProvider.System.GetElapsedTime(start) < Patience, $"{run} has {Members(run)} members");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    private int Members(string run)
    {
        var path = Path.Combine(folder, run, "nodes.json");
        return File.Exists(path)
            ? JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("nodes").EnumerateArray()
                .Count(node => node.GetProperty("status").GetString() == "up")
            : 0;
    }

    /// <summary>Waits for a process to end.</summary>
    public static async Task<int> UntilEndAsync(SupervisedProcess process)
    {
        var first = await Task.WhenAny(process.End, Task.Delay(Patience, TimeProvider.System));
        Require(first == process.End, "a process has not ended");
        return await process.End;
    }

    public static Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FaultException(what);
        }
    }
}

/// <summary>What should hold does not.</summary>
internal sealed class FaultException(string message) : Exception(message);
