using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Involute.Host.Exporting;

/// <summary>
/// numpy's format npz: a zip archive with a file NAME.npy for each array, here with metadata.json beside them.
/// </summary>
internal static class NpzFile
{
    private const int Alignment = 64;

    // The same theta gives the same bytes, at any time.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> Version1 => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ThetaExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var array in export.Arrays)
            {
                Add(archive, $"{array.Name}.npy", [.. Header(array), .. array.Content.Span]);
            }

            Add(archive, "metadata.json", ExportJson.Object(json => json.WriteMetadata(export)));
        }

        return bytes.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(content);
    }

    // A Python dictionary as text; a shape of one size has a comma behind it.
    private static byte[] Header(ExportedArray array)
    {
        var sizes = string.Concat(array.Shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        var shape = array.Shape.Count == 1 ? sizes.TrimEnd(' ') : sizes.TrimEnd(',', ' ');
        var text = $"{{'descr': '{(array.IsDouble ? "<f8" : "<f4")}', 'fortran_order': False, 'shape': ({shape}), }}";
        var begin = Version1.Length + sizeof(ushort);
        var header = new byte[(begin + text.Length + 1 + Alignment - 1) / Alignment * Alignment];
        header.AsSpan().Fill((byte)' ');
        Version1.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(
            header.AsSpan(Version1.Length), checked((ushort)(header.Length - begin)));
        Encoding.ASCII.GetBytes(text, header.AsSpan(begin));
        header[^1] = (byte)'\n';
        return header;
    }
}
