using System.Globalization;

namespace Involute.Faults.Networks;

/// <summary>Which process has a socket (Linux: /proc).</summary>
internal static class SocketOwner
{
    // Columns of /proc/PID/net/tcp: "ADDRESS:PORT" in hexadecimal, and the number that /proc/PID/fd shows as
    // socket:[N].
    private const int LocalAddress = 1;
    private const int Inode = 9;

    /// <summary>Whether the process has a TCP socket with this local port.</summary>
    public static bool Owns(int processId, int port)
    {
        var suffix = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        var process = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            var sockets = new[] { $"{process}/net/tcp", $"{process}/net/tcp6" }.Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[LocalAddress].EndsWith(suffix, StringComparison.Ordinal))
                .Select(columns => $"socket:[{columns[Inode]}]")
                .ToHashSet();
            return sockets.Count > 0
                && Directory.EnumerateFiles($"{process}/fd").Any(file => File.ResolveLinkTarget(file, false) is { } target
                    && sockets.Contains(target.Name));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or closed a file, meanwhile. It is not the one that dials, which is still there.
            return false;
        }
    }
}
