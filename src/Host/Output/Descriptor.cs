using System.Runtime.InteropServices;

namespace Involute.Host.Output;

/// <summary>Writes to an open file descriptor of a Unix process.</summary>
/// <remarks>
/// The console's own streams hold a lock of the whole console while they write: one that blocks would block every thread
/// that has something to say. A <see cref="FileStream"/> keeps a position of its own, and would write over what another
/// process has appended to the same file.
/// </remarks>
/// <param name="number">1 for standard output, 2 for standard error.</param>
internal sealed partial class Descriptor(int number) : WriteOnlyStream
{
    private const int Interrupted = 4; // EINTR
    private const short CanBeWritten = 4; // POLLOUT
    private const int Forever = -1;

    // EAGAIN: another process that has the same terminal or pipe may have made it non-blocking.
    private static readonly int NotNow = OperatingSystem.IsLinux() ? 11 : 35;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = WriteSome(number, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == NotNow)
            {
                var one = new Polled(number, CanBeWritten, 0);
                _ = Poll(ref one, 1, Forever);
            }
            else if (error != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Polled descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Polled(int Descriptor, short Events, short Returned);
}
