using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Involute.Faults;

/// <summary>Starts and inspects the runs of one scenario.</summary>
/// <param name="options">The command line.</param>
/// <param name="folder">The folder of all runs.</param>
/// <param name="job">What is trained.</param>
internal sealed class Lab(Options options, string folder, Job job) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // A run that hangs is a failure, not an endless wait: when this time is over, all waits end, and the processes with
    // them.
    private readonly CancellationTokenSource _patience = new(options.Timeout, TimeProvider.System);
    private readonly List<SupervisedProcess> _processes = [];

    public Options Options => options;

    public string Folder => folder;

    /// <summary>What has been trained; with fewer steps if the run was stopped.</summary>
    public Job Job { get; private set; } = job;

    /// <summary>Cancelled when the scenario has taken too long.</summary>
    public CancellationToken Cancellation => _patience.Token;

    /// <summary>The processes that were started, in that order.</summary>
    public IReadOnlyList<SupervisedProcess> Processes => _processes;

    /// <summary>Ends all processes of the scenario, however it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _patience.Dispose();
    }

    /// <summary>Begins a run of the job.</summary>
    public IReadOnlyList<string> Begin(string command, string run, params string[] more) =>
        [command, "--name", run, "--runs", folder, "--no-eval", .. Job.Arguments, .. more];

    /// <summary>Arguments for each life of a learner: they resume the run if it has begun, else begin it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="begin">Further arguments of the beginning.</param>
    /// <param name="more">Further arguments of every life.</param>
    public Func<int, IReadOnlyList<string>> Learner(string run, IReadOnlyList<string> begin, params string[] more) =>
        _ =>
        File.Exists(Path.Combine(folder, run, "config.conf"))
            ? ["learner", "--resume", run, "--runs", folder, "--no-eval", .. more]
            : Begin("learner", run, [.. begin, .. more]);

    public SupervisedProcess Start(string name, Func<int, IReadOnlyList<string>> arguments)
    {
        var process = SupervisedProcess.Start(options.Program, arguments, Path.Combine(folder, $"{name}.log"));
        _processes.Add(process);
        return process;
    }

    public SupervisedProcess StartWorker(string name, string join, params string[] more) =>
        Start(name, _ => ["worker", "--join", join, "--threads", "1", .. more]);

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(options.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await using var ending = Cancellation.Register(() => Signals.Send(process.Id, Signals.Kill));
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Hash of a run's theta.</summary>
    public async Task<string> ThetaAsync(string run) => (await ShowAsync(run)).GetProperty("thetaSha256").GetString()!;

    /// <summary>Checks the run from its database alone, recomputation included.</summary>
    public async Task VerifyAsync(string run)
    {
        var (code, output) = await RunAsync("verify", run, "--runs", folder, "--replay");
        Require(code == 0, $"verify {run} --replay ended with {code}: {output}");
    }

    /// <summary>Stops a learner without a standby, and takes the step that it has reached as the job's last.</summary>
    public async Task StopAsync(string run, SupervisedProcess learner)
    {
        learner.Release();
        Require(learner.Signal(Signals.Terminate), "the learner was not there to be stopped");
        var code = await UntilEndAsync(learner);
        Require(code == Signals.ExitCode(Signals.Terminate), $"the learner, stopped, ended with {code}");
        Job = Job with { Steps = (await ShowAsync(run)).GetProperty("outerStep").GetInt32() };
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
    public Task<TimeSpan> UntilStepAsync(string run, long step, Task end) => UntilAsync(() => Step(run) >= step, end);

    /// <summary>Waits until so many members of a run's cluster are up, or the run has ended.</summary>
    public Task<TimeSpan> UntilMembersAsync(string run, int members, Task end) =>
        UntilAsync(() => Members(run) >= members, end);

    /// <summary>Waits until no more than so many members of a run's cluster are up, or the run has ended.</summary>
    public Task<TimeSpan> UntilAtMostMembersAsync(string run, int members, Task end) =>
        UntilAsync(() => Members(run) <= members, end);

    /// <summary>Waits until a condition holds, or the run has ended; returns how long it took.</summary>
    public async Task<TimeSpan> UntilAsync(Func<bool> holds, Task end)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!holds() && !end.IsCompleted)
        {
            await WaitAsync(Look);
        }

        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Waits for a process to end for good; returns its exit code.</summary>
    public Task<int> UntilEndAsync(SupervisedProcess process) => process.End.WaitAsync(Cancellation);

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, Cancellation);

    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FaultException(what);
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

    private async Task<JsonElement> ShowAsync(string run)
    {
        var (code, output) = await RunAsync("show", run, "--runs", folder, "--json");
        Require(code == 0, $"show {run} ended with {code}: {output}");
        return JsonDocument.Parse(output).RootElement;
    }
}

/// <summary>A condition that should hold does not.</summary>
internal sealed class FaultException(string message) : Exception(message);
