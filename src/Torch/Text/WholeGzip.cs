using System.IO.Compression;

namespace Involute.Torch.Text;

/// <summary>Unpacks files that were compressed by gzip, and notices when one is cut off.</summary>
/// <remarks>
/// <see cref="GZipStream"/> ends without a word where a file is cut off. But after a whole file it reads on, as files
/// may be appended to each other (RFC 1952, section 2.2): so an end of our own comes out behind a whole one and no
/// other.
/// </remarks>
internal static class WholeGzip
{
    private static ReadOnlySpan<byte> End => "end of file"u8;

    /// <summary>What was compressed.</summary>
    /// <param name="packed">The file.</param>
    /// <exception cref="InvalidDataException">It is cut off, damaged, or not compressed by gzip.</exception>
    public static byte[] Unpack(Stream packed)
    {
        using var whole = new MemoryStream();
        packed.CopyTo(whole);
        using (var end = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            end.Write(End);
        }

        whole.Position = 0;
        using var unpacking = new GZipStream(whole, CompressionMode.Decompress);
        using var content = new MemoryStream();
        unpacking.CopyTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        return bytes.EndsWith(End)
            ? bytes[..^End.Length].ToArray()
            : throw new InvalidDataException("the compressed file is cut off");
    }
}
