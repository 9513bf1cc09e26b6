using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Involute.Faults;

/// <summary>Signals to processes (Linux numbers).</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int NoSuchProcess = 3;

    /// <summary>
    /// The exit code, as a shell reports it, of a process that a signal ends or that ends itself because of one.
    /// </summary>
    public static int ExitCode(int signal) => 128 + signal;

    /// <summary>Sends a signal; false if the process is gone.</summary>
    public static bool Send(int processId, int signal)
    {
        if (kill(processId, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

#pragma warning disable IDE1006 // The name is the system's.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int sig);
#pragma warning restore IDE1006
}
