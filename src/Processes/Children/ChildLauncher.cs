using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Involute.Processes.Children;

/// <summary>Starts children, so that none outlives this process.</summary>
/// <remarks>
/// <para>A child ends at the end of its input, which comes when this process ends, however it ends. One that computes, hangs or
/// ignores it would go on: on Linux <c>setpriv --pdeathsig KILL</c> has the kernel kill it. The kernel does so when the
/// <em>thread</em> ends that started the child: one thread starts all, and lives as long as the process.</para>
/// <para><c>setsid</c> gives the child a session of its own: Ctrl-C on a terminal stops the run, which ends its children itself;
/// and what a child starts in turn is killed together with it.</para>
/// </remarks>
internal static class ChildLauncher
{
    // Each compute thread has a child: more threads in each only take the cores from one another, and some libraries' results
    // depend on their number.
    private static readonly string[] OneThread =
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"];

    private static readonly Lazy<BlockingCollection<Action>> Orders = new(() =>
    {
        var orders = new BlockingCollection<Action>();
        new Thread(() => Obey(orders)) { IsBackground = true, Name = "starts children" }.Start();
        return orders;
    });

    private static readonly Lazy<string[]> Bonds = new(FindBonds);

    /// <summary>Starts a child whose three streams are pipes.</summary>
    /// <exception cref="ProcessException">It cannot be started.</exception>
    public static ChildTree Start(ChildCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        string[] words = [.. Bonds.Value, command.Locate(), .. command.Arguments];
        try
        {
            var process = StartFromThread(StartInfo(words, command.Folder));
            return new ChildTree(process, hasGroup: Bonds.Value.Length > 0);
        }
        catch (Exception cause) when (cause is Win32Exception or IOException or InvalidOperationException)
        {
            throw new ProcessException($"{command}: it cannot be started: {OneLine.Of(cause.Message)}");
        }
    }

    private static ProcessStartInfo StartInfo(string[] words, string folder)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var variable in OneThread)
        {
            start.Environment.TryAdd(variable, "1");
        }

        return start;
    }

    private static Process StartFromThread(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Orders.Value.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException("no process was started"));
            }
            catch (Exception cause)
            {
                started.SetException(cause);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Obey(BlockingCollection<Action> orders)
    {
        foreach (var order in orders.GetConsumingEnumerable())
        {
            order();
        }
    }

    // What a command is started by; nothing where the system has none, or one that lacks the option.
    private static string[] FindBonds()
    {
        if (!OperatingSystem.IsLinux() || ChildCommand.InPath("setsid") is not { } session
            || ChildCommand.InPath("setpriv") is not { } privileges || ChildCommand.InPath("true") is not { } nothing)
        {
            return [];
        }

        string[] bonds = [session, privileges, "--pdeathsig", "KILL"];
        try
        {
            using var trial = StartFromThread(StartInfo([.. bonds, nothing], Path.GetTempPath()));
            return trial.WaitForExit(TimeSpan.FromSeconds(10)) && trial.ExitCode == 0 ? bonds : [];
        }
        catch (Exception cause) when (cause is Win32Exception or IOException or InvalidOperationException)
        {
            return [];
        }
    }
}
