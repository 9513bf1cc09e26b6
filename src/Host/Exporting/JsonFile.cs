using System.Text.Json;

namespace Involute.Host.Exporting;

/// <summary>
/// JSON: the metadata, <c>theta</c>, and <c>tensors</c> and <c>natural</c> by name, with shape and values in row-major
/// order.
/// </summary>
/// <remarks>
/// Numbers have as many digits as it takes to read them back exactly; one that is not finite is null.
/// </remarks>
internal static class JsonFile
{
    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ThetaExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        return ExportJson.Object(json =>
        {
            json.WriteMetadata(export);
            json.WritePropertyName(ThetaExport.Whole);
            WriteValues(json, export.Theta);
            WriteArrays(json, "tensors", export.Tensors, name => name);
            WriteArrays(json, "natural", export.Natural, name => name[ThetaExport.NaturalPrefix.Length..]);
        });
    }

    private static void WriteArrays(
        Utf8JsonWriter json, string name, IReadOnlyList<ExportedArray> arrays, Func<string, string> nameOf)
    {
        json.WriteStartObject(name);
        foreach (var array in arrays)
        {
            json.WriteStartObject(nameOf(array.Name));
            json.WriteNumbers("shape", array.Shape);
            json.WritePropertyName("values");
            WriteValues(json, array);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, ExportedArray array)
    {
        json.WriteStartArray();
        if (array.IsDouble)
        {
            foreach (var value in array.Doubles)
            {
                WriteNumber(json, double.IsFinite(value), value, json.WriteNumberValue);
            }
        }
        else
        {
            foreach (var value in array.Singles)
            {
                WriteNumber(json, float.IsFinite(value), value, json.WriteNumberValue);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteNumber<T>(Utf8JsonWriter json, bool isFinite, T value, Action<T> write)
    {
        if (isFinite)
        {
            write(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
