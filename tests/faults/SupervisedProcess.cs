using System.Diagnostics;

namespace Involute.Faults;

/// <summary>
/// A process that is started again whenever it ends with anything but 0, as a supervisor would (systemd, a container
/// engine).
/// </summary>
internal sealed class SupervisedProcess : IAsyncDisposable
{
    private const int TailLines = 4;
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    private readonly List<int> _exitCodes = [];
    private readonly string _program;
    private readonly Func<int, IReadOnlyList<string>> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly Task<int> _end;
    private TaskCompletionSource _mayStart = new();
    private Process? _process;
    private volatile bool _released;
    private bool _disposed;

    private SupervisedProcess(
        string program, Func<int, IReadOnlyList<string>> arguments, string log,
        IReadOnlyDictionary<string, string> environment)
    {
        _program = program;
        _arguments = arguments;
        _environment = environment;
        LogFile = log;
        _mayStart.SetResult();
        _end = WatchAsync();
    }

    /// <summary>Where its output goes, with a line for each beginning and end.</summary>
    public string LogFile { get; }

    /// <summary>Its exit code, once it is not started again.</summary>
    public Task<int> End => _end;

    /// <summary>How its lives have ended so far.</summary>
    public IReadOnlyList<int> ExitCodes
    {
        get
        {
            lock (_gate)
            {
                return [.. _exitCodes];
            }
        }
    }

    /// <summary>The id of the current process; null between two lives.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _process is { HasExited: false } process ? process.Id : null;
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">Executable.</param>
    /// <param name="arguments">Arguments of its first life (0), of its second (1), ….</param>
    /// <param name="log">File that its output is appended to.</param>
    /// <param name="environment">Variables of its own, or null.</param>
    public static SupervisedProcess Start(
        string program, Func<int, IReadOnlyList<string>> arguments, string log,
        IReadOnlyDictionary<string, string>? environment = null) =>
        new(program, arguments, log, environment ?? new Dictionary<string, string>());

    /// <summary>Sends a signal; false if the process is not running.</summary>
    public bool Signal(int signal) => ProcessId is { } id && Signals.Send(id, signal);

    /// <summary>From now on the process is not started again.</summary>
    public void Release() => _released = true;

    /// <summary>The process is not started again before <see cref="LetStart"/>.</summary>
    public void HoldBack() => _mayStart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends <see cref="HoldBack"/>.</summary>
    public void LetStart() => _mayStart.TrySetResult();

    /// <summary>How many lines with these words it has written, in all its lives.</summary>
    public int Said(string words) => File.ReadLines(LogFile).Count(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>The last lines that it has written.</summary>
    public IEnumerable<string> Tail() => File.ReadLines(LogFile).Where(line => line.Length > 0).TakeLast(TailLines);

    public async ValueTask DisposeAsync()
    {
        Release();
        lock (_gate)
        {
            _disposed = true;
        }

        LetStart();
        Signal(Signals.Continue);
        Signal(Signals.Kill);
        await _end;
    }

    private async Task<int> WatchAsync()
    {
        for (var life = 0; ; life++)
        {
            var code = await LiveAsync(life);
            lock (_gate)
            {
                _exitCodes.Add(code);
            }

            if (code == 0 || _released)
            {
                return code;
            }

            await Task.Delay(RestartPause, TimeProvider.System);
            await _mayStart.Task;
            if (_released)
            {
                return code;
            }
        }
    }

    private async Task<int> LiveAsync(int life)
    {
        await using var log = new StreamWriter(LogFile, append: true) { AutoFlush = true };
        var writer = TextWriter.Synchronized(log);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(_program, _arguments(life))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in _environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.OutputDataReceived += (_, line) => writer.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => writer.WriteLine(line.Data);
        process.Start();
        await writer.WriteLineAsync($"--- life {life + 1}, pid {process.Id}: {string.Join(' ', _arguments(life))}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lock (_gate)
        {
            _process = process;
            if (_disposed)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        lock (_gate)
        {
            _process = null;
        }

        await writer.WriteLineAsync(
            $"--- exit code {process.ExitCode}{(_disposed ? ", killed at the end of the scenario" : "")}");
        return process.ExitCode;
    }
}
