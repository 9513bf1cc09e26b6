using System.ComponentModel;
using System.Diagnostics;

namespace Involute.Processes.Children;

/// <summary>A child with what it starts in turn, ended together. The child ends with this process at the latest; what it has
/// started, only where this process is not killed.</summary>
internal sealed class ChildTree
{
    private static readonly HashSet<ChildTree> Living = [];

    // For what a program does at its end: it has nothing to compute any more.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly bool _hasGroup;
    private bool _hasEnded;

    static ChildTree() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    /// <summary>Takes a child that has just been started.</summary>
    /// <param name="process">The child.</param>
    /// <param name="hasGroup">Whether it leads a group of processes of its own.</param>
    public ChildTree(Process process, bool hasGroup)
    {
        ArgumentNullException.ThrowIfNull(process);
        (Process, _hasGroup) = (process, hasGroup);
        Id = process.Id;
        lock (Living)
        {
            Living.Add(this);
        }

        process.Exited += (_, _) => End();
        process.EnableRaisingEvents = true;
    }

    /// <summary>The child.</summary>
    public Process Process { get; }

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>Whether the child has ended.</summary>
    public bool HasEnded => Process.HasExited;

    /// <summary>Kills the child and what it has started. Once it has ended, nothing.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            try
            {
                Process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended by itself, or a part of it may not be killed.
            }

            KillGroup();
        }
    }

    /// <summary>How the child has ended, in words; null if it has not within the time.</summary>
    public string? Ending(TimeSpan patience)
    {
        if (!Process.WaitForExit(patience))
        {
            return null;
        }

        const int BySignal = 128;
        var code = Process.ExitCode;
        return code > BySignal && !OperatingSystem.IsWindows() ? $"signal {code - BySignal}" : $"exit code {code}";
    }

    // What a child leaves behind holds its streams open, and works for none.
    private void End()
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            KillGroup();
        }

        lock (Living)
        {
            Living.Remove(this);
        }
    }

    private void KillGroup()
    {
        if (_hasGroup && !OperatingSystem.IsWindows())
        {
            Libc.KillGroup(Id);
        }
    }

    private void CloseInput()
    {
        try
        {
            Process.StandardInput.Close();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // It has ended, or a request is just written.
        }
    }

    private static void KillAll()
    {
        ChildTree[] living;
        lock (Living)
        {
            living = [.. Living];
        }

        // The end of its input ends a child.
        foreach (var tree in living)
        {
            tree.CloseInput();
        }

        var begun = TimeProvider.System.GetTimestamp();
        foreach (var tree in living)
        {
            var left = Farewell - TimeProvider.System.GetElapsedTime(begun);
            tree.Process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            tree.Kill();
        }
    }
}
