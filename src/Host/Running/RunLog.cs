using System.Text.Encodings.Web;
using System.Text.Json;
using Involute.Host.Output;
using Involute.Runs;
using Involute.Runs.Folders;

namespace Involute.Host.Running;

/// <summary>
/// <c>log.jsonl</c>: what happened to a run, one JSON object in a line, each with time, run and outer step, and with node and
/// pair where it is about one.
/// </summary>
/// <remarks>
/// A file of <see cref="MostBytes"/> becomes <c>log.1.jsonl</c>, that one <c>log.2.jsonl</c>, and so on; the oldest of <see
/// cref="Kept"/> goes.
/// </remarks>
/// <param name="folder">The run's.</param>
/// <param name="time">The clock of the lines.</param>
internal sealed class RunLog(RunFolder folder, TimeProvider time)
{
    /// <summary>Bytes that a file may have before another is begun.</summary>
    public const long MostBytes = 4 << 20;

    /// <summary>Older files that are kept.</summary>
    public const int Kept = 3;

    // Texts of any language as they are; quotes and control characters are escaped all the same.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends a line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Append(RunNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        var line = Line(news);
        if (new FileInfo(folder.Log) is { Exists: true, Length: > MostBytes })
        {
            Rotate();
        }

        using var file = new FileStream(folder.Log, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Write([.. IsTorn(file) ? "\n"u8 : [], .. line, (byte)'\n']);
    }

    // A full disk or a kill may leave a part of a line, which must not spoil the next. Leaves the file at its end.
    private static bool IsTorn(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private void Rotate()
    {
        for (var older = Kept - 1; older >= 0; older--)
        {
            if (File.Exists(Name(older)))
            {
                File.Move(Name(older), Name(older + 1), overwrite: true);
            }
        }
    }

    private string Name(int older) => older == 0 ? folder.Log : Path.ChangeExtension(folder.Log, $"{older}.jsonl");

    // Written by hand: a serializer's look at the type took longer than a run's first step.
    private byte[] Line(RunNews news)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeStamp.Precise(time.GetUtcNow()));
            json.WriteString("level", news.IsWarning ? "warning" : "info");
            json.WriteString("event", news.Event);
            json.WriteString("run", folder.RunId);
            if (news.Step is { } step)
            {
                json.WriteNumber("step", step);
            }

            if (news.Node is { } node)
            {
                json.WriteString("node", node);
            }

            if (news.Pair is { } pair)
            {
                json.WriteNumber("pair", pair);
            }

            json.WriteString("text", news.Text);
            json.WriteEndObject();
        }

        return line.ToArray();
    }
}
