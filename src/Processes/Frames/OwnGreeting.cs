using System.Buffers;
using System.Text.Json;

namespace Involute.Processes.Frames;

/// <summary>What this side says first.</summary>
internal static class OwnGreeting
{
    /// <summary>As JSON.</summary>
    /// <param name="file">Path of the shared file.</param>
    public static byte[] Of(string file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("protocol", FrameHeader.ThisVersion);
            json.WriteString("program", $"involute {typeof(OwnGreeting).Assembly.GetName().Version?.ToString(3)}");
            json.WriteString("file", file);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
