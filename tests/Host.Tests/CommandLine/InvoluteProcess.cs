using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>The built program as a process of its own: started, listened to, signalled, waited for.</summary>
internal sealed class InvoluteProcess : IDisposable
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int User1 = 10;
    public const int Terminate = 15;

    // Only a guard against a process that hangs: no test depends on how long anything takes.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _command;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<(List<string> Where, string Part, TaskCompletionSource<string> Seen)> _waiting = [];
    private readonly Task _listening;

    private InvoluteProcess(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string[]? within = null)
    {
        string[] program = [.. within ?? [], Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"];
        var start = new ProcessStartInfo(program[0], program.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "involute.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _command = $"involute {string.Join(' ', start.ArgumentList.Skip(1))}";
        _process = Process.Start(start)!;
        _listening = Task.WhenAll(
            ListenAsync(_process.StandardOutput, _output), ListenAsync(_process.StandardError, _errors));
    }

    public int Id => _process.Id;

    public static InvoluteProcess Start(params IEnumerable<string> arguments) => new(arguments, null);

    /// <summary>Starts it by a line of shell, in which <c>"$@"</c> is the command.</summary>
    public static InvoluteProcess StartIn(string shell, params IEnumerable<string> arguments) =>
        new(arguments, null, ["/bin/sh", "-c", shell, "sh"]);

    public static async Task<InvoluteOutcome> RunInAsync(string shell, params IEnumerable<string> arguments)
    {
        using var process = StartIn(shell, arguments);
        return await process.EndAsync();
    }

    public static async Task<InvoluteOutcome> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = new InvoluteProcess(arguments, environment);
        return await process.EndAsync();
    }

    /// <summary>Runs it by another program, which gets it as its arguments.</summary>
    public static async Task<InvoluteOutcome> RunWithinAsync(string[] within, params IEnumerable<string> arguments)
    {
        using var process = new InvoluteProcess(arguments, null, within);
        return await process.EndAsync();
    }

    /// <summary>Where a learner listens, as soon as it has said so.</summary>
    public async Task<string> ListenedAsync() => (await LineAsync("learner on ")).Split(' ')[2];

    /// <summary>The first line with this part, as soon as it has been printed on standard output.</summary>
    /// <param name="part">Part of the line.</param>
    /// <param name="after">Part of a line that has been printed: only lines after its last appearance count.</param>
    public Task<string> LineAsync(string part, string? after = null) => LineAsync(_output, part, after);

    /// <summary>The same of standard error.</summary>
    public Task<string> ErrorAsync(string part) => LineAsync(_errors, part, after: null);

    /// <summary>The same of either.</summary>
    public async Task<string> LineOrErrorAsync(string part) => await await Task.WhenAny(LineAsync(part), ErrorAsync(part));

    public void Signal(int signal) => Signal(_process.Id, signal);

    /// <summary>Sends a signal to any process.</summary>
    public static void Signal(int process, int signal) => Assert.Equal(0, NativeMethods.Kill(process, signal));

    /// <summary>Sends SIGKILL, and waits for the end.</summary>
    public async Task<InvoluteOutcome> KillAsync()
    {
        _process.Kill();
        return await EndAsync();
    }

    public async Task<InvoluteOutcome> EndAsync()
    {
        await GuardedAsync(Task.WhenAll(_listening, _process.WaitForExitAsync(CancellationToken.None)));
        return Outcome(_process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> LineAsync(List<string> where, string part, string? after)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var from = after is null
                ? 0
                : where.FindLastIndex(line => line.Contains(after, StringComparison.Ordinal)) + 1;
            if (where.Skip(from).FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } printed)
            {
                return printed;
            }

            _waiting.Add((where, part, seen));
        }

        await GuardedAsync(Task.WhenAny(seen.Task, _listening));
        if (!seen.Task.IsCompleted)
        {
            Assert.Fail($"'{part}' was not printed\n{await EndAsync()}");
        }

        return await seen.Task;
    }

    private InvoluteOutcome Outcome(int exitCode)
    {
        lock (_gate)
        {
            return new InvoluteOutcome(_command, exitCode, [.. _output], [.. _errors]);
        }
    }

    private async Task GuardedAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            Assert.Fail($"still running after {Guard}\n{Outcome(-1)}");
        }
    }

    private async Task ListenAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                lines.Add(line);
                foreach (var (where, part, seen) in _waiting)
                {
                    if (lines == where && line.Contains(part, StringComparison.Ordinal))
                    {
                        seen.TrySetResult(line);
                    }
                }
            }
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Kill(int process, int signal);
    }
}
