using System.Buffers;
using System.Text.Json;

namespace Involute.Host.Exporting;

/// <summary>What the JSON of several formats has in common.</summary>
internal static class ExportJson
{
    /// <summary>The bytes of one object.</summary>
    /// <param name="write">Writes what is in it.</param>
    public static byte[] Object(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Writes the metadata, a property each.</summary>
    public static void WriteMetadata(this Utf8JsonWriter json, ThetaExport export)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(export);
        foreach (var (name, text) in export.Metadata)
        {
            json.WriteString(name, text);
        }
    }

    /// <summary>Writes a property that is a list of whole numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(numbers);
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
