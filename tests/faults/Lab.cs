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
    private readonly List<IDisposable> _owned = [];

    public Options Options => options;

    /// <summary>Where logs and all files are that are no runs.</summary>
    public string Folder => folder;

    /// <summary>Where the scenario's runs are.</summary>
    public string Runs
    {
        get => field ?? folder;
        set;
    }

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

        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        _patience.Dispose();
    }

    /// <summary>Disposes of something when the scenario and its verification are over, and its processes have ended.</summary>
    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Begins a run of the job.</summary>
    public IReadOnlyList<string> Begin(string command, string run, params string[] more) =>
        [command, "--name", run, "--runs", Runs, "--no-eval", .. Job.Arguments, .. more];

    /// <summary>Arguments for each life of a learner: they resume the run if it has begun, else begin it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="begin">Further arguments of the beginning.</param>
    /// <param name="more">Further arguments of every life.</param>
    public Func<int, IReadOnlyList<string>> Learner(string run, IReadOnlyList<string> begin, params string[] more) =>
        _ => HasBegun(run)
            ? ["learner", "--resume", run, "--runs", Runs, "--no-eval", .. more]
            : Begin("learner", run, [.. begin, .. more]);

    /// <summary>The same for a run that one process computes.</summary>
    public Func<int, IReadOnlyList<string>> Alone(string run, params IReadOnlyList<string> begin) =>
        _ => HasBegun(run) ? ["resume", run, "--runs", Runs, "--no-eval"] : Begin("train", run, [.. begin]);

    public SupervisedProcess Start(
        string name, Func<int, IReadOnlyList<string>> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartProgram(name, options.Program, arguments, environment);

    /// <summary>Starts something that starts the program.</summary>
    public SupervisedProcess StartProgram(
        string name, string program, Func<int, IReadOnlyList<string>> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = SupervisedProcess.Start(program, arguments, Path.Combine(folder, $"{name}.log"), environment);
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
    public async Task<string> ThetaAsync(string run, string? runs = null) =>
        (await ShowAsync(run, runs)).GetProperty("thetaSha256").GetString()!;

    /// <summary>Checks the run from its database alone, recomputation included.</summary>
    public async Task VerifyAsync(string run)
    {
        var (code, output) = await RunAsync("verify", run, "--runs", Runs, "--replay");
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
        var path = Path.Combine(Runs, run, "metrics.csv");
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

    /// <summary>Waits until a process has written so many lines with these words; returns how long it took.</summary>
    public async Task<TimeSpan> UntilSaidAsync(SupervisedProcess process, string words, int lines = 1)
    {
        var waited = await UntilAsync(() => process.Said(words) >= lines, process.End);
        Require(process.Said(words) >= lines, $"the process has ended without '{words}'");
        return waited;
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

    /// <summary>
    /// A failure if something took longer than we promise; with --untimed it is only told, since the processor of another
    /// machine may be slow, or busy with what cannot be seen from here.
    /// </summary>
    public void RequireInTime(TimeSpan took, TimeSpan promise, string what) =>
        Require(took < promise || Options.Untimed, what);

    private bool HasBegun(string run) => File.Exists(Path.Combine(Runs, run, "config.conf"));

    private int Members(string run)
    {
        var path = Path.Combine(Runs, run, "nodes.json");
        return File.Exists(path)
            ? JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("nodes").EnumerateArray()
                .Count(node => node.GetProperty("status").GetString() == "up")
            : 0;
    }

    /// <summary>What <c>show</c> says of a run.</summary>
    public async Task<JsonElement> ShowAsync(string run, string? runs = null)
    {
        var (code, output) = await RunAsync("show", run, "--runs", runs ?? Runs, "--json");
        Require(code == 0, $"show {run} ended with {code}: {output}");
        return JsonDocument.Parse(output).RootElement;
    }
}

/// <summary>A condition that should hold does not.</summary>
internal sealed class FaultException(string message) : Exception(message);
