using System.Runtime.CompilerServices;

namespace Involute.Host.Reporting;

/// <summary>
/// Reads the lines of a file one after the other, also of one that a learner is writing: a torn last line is left out.
/// </summary>
/// <remarks>Optimised from the start, for the reason that <see cref="CsvRows"/> gives.</remarks>
internal static class WholeLines
{
    private const int BufferBytes = 1 << 16;

    // No line that we write is nearly so long; a file without line ends must not fill the memory.
    private const int LongestLine = 1 << 22;

    /// <summary>Takes a line without its line feed; it is overwritten by the next.</summary>
    /// <returns>Whether another one is wanted.</returns>
    internal delegate bool Taker(ReadOnlySpan<byte> line);

    /// <summary>Reads from where the file stands, until a line is not wanted any more.</summary>
    /// <param name="file">The file; needs no buffer of its own.</param>
    /// <param name="take">Takes each line.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(Stream file, Taker take)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(take);
        var buffer = new byte[BufferBytes];
        var filled = 0;
        while (true)
        {
            var read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var start = 0;
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            {
                if (!take(buffer.AsSpan(start, end)))
                {
                    return;
                }
            }

            if (read == 0 || filled - start >= LongestLine)
            {
                return;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }
}
