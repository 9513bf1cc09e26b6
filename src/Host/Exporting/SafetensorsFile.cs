using System.Buffers.Binary;

namespace Involute.Host.Exporting;

/// <summary>
/// The format safetensors: a JSON header that names each array's kind, shape and place, then the numbers.
/// </summary>
/// <remarks>
/// float64 comes first and the header is padded, so that every number stands at a multiple of its size.
/// </remarks>
internal static class SafetensorsFile
{
    private const int Alignment = 8;

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ThetaExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        ExportedArray[] arrays = [.. export.Arrays.OrderByDescending(array => array.IsDouble)];
        var header = Header(export, arrays);
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        var file = new byte[sizeof(long) + padded + arrays.Sum(array => array.Content.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        file.AsSpan(sizeof(long), padded).Fill((byte)' ');
        header.CopyTo(file.AsSpan(sizeof(long)));
        var place = file.AsSpan(sizeof(long) + padded);
        foreach (var array in arrays)
        {
            array.Content.Span.CopyTo(place);
            place = place[array.Content.Length..];
        }

        return file;
    }

    private static byte[] Header(ThetaExport export, ExportedArray[] arrays) => ExportJson.Object(json =>
    {
        json.WriteStartObject("__metadata__");
        json.WriteMetadata(export);
        json.WriteEndObject();
        var offset = 0;
        foreach (var array in arrays)
        {
            json.WriteStartObject(array.Name);
            json.WriteString("dtype", array.IsDouble ? "F64" : "F32");
            json.WriteNumbers("shape", array.Shape);
            json.WriteNumbers("data_offsets", [offset, offset + array.Content.Length]);
            json.WriteEndObject();
            offset += array.Content.Length;
        }
    });
}
