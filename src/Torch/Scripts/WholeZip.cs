using System.IO.Compression;
using Involute.Tasks.Images;
using Involute.Tasks.Regression;

namespace Involute.Torch.Scripts;

/// <summary>Reads zip archives, and notices when a file in them is cut off or damaged.</summary>
internal static class WholeZip
{
    /// <summary>The files of an archive by name.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="archive">Its bytes.</param>
    /// <param name="expected">What the archive should be, for messages.</param>
    /// <exception cref="DataFormatException">It is no zip archive, has more than 1 GiB, or a file in it is
    /// damaged.</exception>
    public static Dictionary<string, byte[]> Read(string path, byte[] archive, string expected)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive, writable: false), ZipArchiveMode.Read);
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            var length = 0L;
            foreach (var entry in zip.Entries)
            {
                length += entry.Length;
                if (entry.Length < 0 || length > NpyArray.MostBytes)
                {
                    throw new DataFormatException(
                        path, $"its files have more than {NpyArray.MostBytes} bytes", "at most 1 GiB");
                }

                files[entry.FullName] = Whole(path, entry, expected);
            }

            return files;
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException)
        {
            throw new DataFormatException(path, $"no zip archive ({problem.Message.TrimEnd('.')})", expected);
        }
    }

    private static byte[] Whole(string path, ZipArchiveEntry entry, string expected)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length && stream.ReadByte() < 0 && Crc32.Of(bytes) == entry.Crc32
            ? bytes
            : throw new DataFormatException(path, $"{entry.FullName} in it is damaged", expected);
    }
}
