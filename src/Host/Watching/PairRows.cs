using System.Text.Json;
using System.Text.Json.Nodes;

namespace Involute.Host.Watching;

/// <summary>All pairs as the console lists them, in few bytes: an array of arrays, in the order of <see cref="Columns"/>.</summary>
internal static class PairRows
{
    private static readonly string[] Columns =
        ["pair", "trajectory", "innerStep", "horizon", "meanLoss", "divergedArms", "windowSeconds", "node", "restarts"];

    /// <summary>Writes them.</summary>
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<JsonObject> pairs)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray(name);
        foreach (var pair in pairs)
        {
            json.WriteStartArray();
            foreach (var column in Columns)
            {
                if (pair[column] is JsonValue value && value.TryGetValue<double>(out var number))
                {
                    Numbers.Write(json, number);
                }
                else if (pair[column] is { } other)
                {
                    other.WriteTo(json);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
