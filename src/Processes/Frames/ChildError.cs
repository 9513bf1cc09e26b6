using System.Text;
using System.Text.Json;

namespace Involute.Processes.Frames;

/// <summary>An error that a child answers with: its code threw, and the child goes on.</summary>
/// <param name="Line">Type, message and place.</param>
/// <param name="Trace">The whole, in lines.</param>
internal sealed record ChildError(string Line, string Trace)
{
    /// <summary>Reads it. What is no JSON object is taken as the message.</summary>
    public static ChildError Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            var (type, message, where) = (Text(root, "type"), Text(root, "message"), Text(root, "where"));
            var what = string.Join(": ", new[] { type, message }.Where(part => part.Length > 0));
            return new ChildError(
                Told(OneLine.Of(where.Length == 0 ? what : $"{what} ({where})", 500)),
                Text(root, "trace"));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return new ChildError(Told(OneLine.Of(Encoding.UTF8.GetString(payload.Span))), "");
        }
    }

    private static string Told(string line) => line.Length > 0 ? line : "an error without words";

    private static string Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
