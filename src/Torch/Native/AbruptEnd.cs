using System.Runtime.InteropServices;

namespace Involute.Torch.Native;

/// <summary>Ends a process that has libtorch without libtorch's own farewell.</summary>
/// <remarks>
/// When a process ends while a thread still computes (a run that is refused, a signal), libtorch's static objects are destroyed
/// under that thread: the process crashes, and its exit code is lost. So the last thing that is registered to run at the end is
/// what ends the process at once. There is nothing that libtorch would have to save.
/// </remarks>
internal static unsafe class AbruptEnd
{
    private static readonly Lock Loading = new();
    private static int _isArranged;

    /// <summary>Loads libraries: the end of the process waits until they are loaded.</summary>
    /// <param name="load">Loads them.</param>
    public static T Of<T>(Func<T> load)
    {
        if (OperatingSystem.IsLinux() && Interlocked.Exchange(ref _isArranged, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Arrange();
        }

        lock (Loading)
        {
            return load();
        }
    }

    // What is registered last runs first. Not every C library of Linux has on_exit, which passes on the exit code.
    private static void Arrange()
    {
        lock (Loading)
        {
            if (NativeLibrary.TryLoad("libc.so.6", out var libc)
                && NativeLibrary.TryGetExport(libc, "on_exit", out var onExit)
                && NativeLibrary.TryGetExport(libc, "_exit", out var exit))
            {
                ((delegate* unmanaged<nint, nint, int>)onExit)(exit, 0);
            }
        }
    }
}
