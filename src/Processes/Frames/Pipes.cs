using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Involute.Processes.Frames;

/// <summary>What .NET does not tell of a pipe.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Pipes
{
    private const short Readable = 1; // POLLIN

    /// <summary>Whether it has bytes to read now.</summary>
    public static bool HasBytes(SafeHandle pipe) => (Seen(pipe, 0) & Readable) != 0;

    /// <summary>Whether a read returns at once, be it at the end, after a wait for as long.</summary>
    public static bool CanRead(SafeHandle pipe, int milliseconds) => Seen(pipe, milliseconds) != 0;

    private static short Seen(SafeHandle pipe, int milliseconds)
    {
        var isHeld = false;
        try
        {
            pipe.DangerousAddRef(ref isHeld);
            var asked = new Polled { Descriptor = (int)pipe.DangerousGetHandle(), Events = Readable };
            return Poll(&asked, 1, milliseconds) > 0 ? asked.Seen : (short)0;
        }
        finally
        {
            if (isHeld)
            {
                pipe.DangerousRelease();
            }
        }
    }

    // The count is as wide as a register on Linux, and 32 bits wide on macOS: 1 is the same in both.
    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Polled* descriptors, nuint count, int milliseconds);

    private struct Polled
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }
}
