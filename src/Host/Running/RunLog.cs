using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    private static readonly LogLines Lines = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>Appends a line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Append(RunNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        var line = new Entry(
            TimeStamp.Precise(time.GetUtcNow()),
            news.IsWarning ? "warning" : "info",
            news.Event,
            folder.RunId,
            news.Step,
            news.Node,
            news.Pair,
            news.Text);
        if (new FileInfo(folder.Log) is { Exists: true, Length: > MostBytes })
        {
            Rotate();
        }

        using var file = new FileStream(folder.Log, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Write([.. IsTorn(file) ? "\n"u8 : [], .. JsonSerializer.SerializeToUtf8Bytes(line, Lines.Entry), (byte)'\n']);
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

    internal sealed record Entry(
        string Time, string Level, string Event, string Run, long? Step, string? Node, int? Pair, string Text);
}

/// <summary>The bytes of a line.</summary>
[JsonSerializable(typeof(RunLog.Entry))]
internal sealed partial class LogLines : JsonSerializerContext;
