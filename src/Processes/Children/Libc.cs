using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Involute.Processes.Children;

/// <summary>What .NET has no call for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Libc
{
    private const int Killed = 9; // SIGKILL

    /// <summary>Kills all processes of a group, if there is one.</summary>
    public static void KillGroup(int group) => _ = Kill(-group, Killed);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
