using System.Text;

namespace Involute.Runs.Folders;

/// <summary>Files that are replaced as a whole: a reader sees the old content or the new, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file beside the target and renames it over the target.</summary>
    /// <exception cref="IOException">It cannot be written, or the target is a device, a pipe or a socket.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        SpecialFile.Refuse(path);

        // A name of its own for each write: two processes, or two containers with the same process id, may write at
        // once.
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write {path}: {e.Message}", e);
        }
        finally
        {
            // Only there if it was not renamed.
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));
}
