using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Involute.Actors.Cluster;
using Involute.Host.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Running;

/// <summary>Worker processes of this machine, started, watched and restarted by the learner's process.</summary>
/// <remarks>
/// A worker lives as long as its standard input is open, so that none outlives a learner that was killed.
/// </remarks>
internal sealed class LocalWorkers : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // A worker that has run this long has overcome the cause of its previous failure.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    // One that does not end by then computes a window that does not return; killing a worker loses nothing.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<string> _arguments;
    private readonly Action<string> _tell;
    private readonly Task _watches;

    private LocalWorkers(int count, IReadOnlyList<string> arguments, Action<string> tell)
    {
        _arguments = arguments;
        _tell = tell;
        _watches = Task.WhenAll(Enumerable.Range(1, count).Select(WatchAsync));
    }

    /// <summary>The address of a learner whose workers are all on this machine: a free port.</summary>
    public static ClusterArguments Learner { get; } = new(new Endpoint("127.0.0.1", 0), [], null);

    /// <summary>Completes with one line when a worker has ended for a reason that a restart does not remove.</summary>
    public Task<string> Hopeless => _hopeless.Task;

    /// <summary>Starts workers for a learner.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="threads">Compute threads of each, at least 1.</param>
    /// <param name="learner">Where the learner listens.</param>
    /// <param name="plugin">Folder of the run's plugin, or null.</param>
    /// <param name="device">What computes in each.</param>
    /// <param name="tell">Called with one line for each restart.</param>
    public static LocalWorkers Start(
        int count, int threads, Endpoint learner, string? plugin, string device, Action<string> tell)
    {
        List<string> arguments =
        [
            "worker", "--join", learner.ToString(), "--threads", threads.ToString(CultureInfo.InvariantCulture),
            "--until-input-ends", "--device", device,
        ];
        if (plugin is not null)
        {
            arguments.AddRange(["--plugin", plugin]);
        }

        return new LocalWorkers(count, arguments, tell);
    }

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watches;
        _stop.Dispose();
    }

    private async Task WatchAsync(int number)
    {
        var pause = FirstPause;
        while (!_stop.IsCancellationRequested)
        {
            var born = TimeProvider.System.GetTimestamp();
            var (code, lastLine) = await TryRunAsync();
            if (_stop.IsCancellationRequested || code == ExitCode.Ok)
            {
                return;
            }

            if (code is ExitCode.Usage or ExitCode.Configuration or ExitCode.Data)
            {
                _hopeless.TrySetResult($"worker {number}: {lastLine}");
                return;
            }

            pause = TimeProvider.System.GetElapsedTime(born) > Settled ? FirstPause : pause;
            _tell($"worker {number} ended with {code} ({lastLine}): another is started");
            await Task.Delay(pause, TimeProvider.System, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // A program that cannot be started now (no memory, replaced by a new build) may be startable later.
    private async Task<(int Code, string LastLine)> TryRunAsync()
    {
        try
        {
            return await RunAsync();
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            return (ExitCode.InputOutput, $"it cannot be started: {failed.Message}");
        }
    }

    private async Task<(int Code, string LastLine)> RunAsync()
    {
        using var process = Process.Start(StartInfo())
            ?? throw new InvalidOperationException("the system did not start a process");
        var lastLine = "it printed nothing";
        process.ErrorDataReceived += (_, line) => lastLine = line.Data is { Length: > 0 } text ? text : lastLine;
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await process.WaitForExitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            await EndAsync(process);
        }

        return (process.ExitCode, lastLine);
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(LongestEnding, TimeProvider.System);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = OwnProgram.StartInfo(_arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        // The learner alone opens the store: a worker, and the code of a plugin in it, needs no password.
        start.Environment.Remove("PGPASSWORD");
        return start;
    }
}
