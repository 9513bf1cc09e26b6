using System.Buffers.Binary;
using System.Globalization;

namespace Involute.Host.Reporting.TensorBoard;

/// <summary>An event file of TensorBoard: TFRecords, each with one message <c>Event</c>.</summary>
/// <remarks>
/// A record is its length (uint64), the check sum of that, the bytes, and their check sum, all little-endian
/// (tensorflow/core/lib/io/record_writer.h). Each record is one write to the operating system; a reader passes over one that
/// a killed process has left incomplete.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    // Fields of the message Event (tensorflow/core/util/event.proto).
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;
    private const int SessionLog = 7;

    private const int SessionStatus = 1;
    private const long SessionStart = 1;

    private readonly WholeAppends _file;

    private EventFile(FileStream file) => _file = new WholeAppends(file);

    /// <summary>Begins a new file.</summary>
    /// <param name="folder">Where; created when missing.</param>
    /// <param name="time">Now.</param>
    /// <param name="firstStep">The outer step that comes next: what other files of the folder have of it or of later ones
    /// does not count any more.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static EventFile Begin(string folder, DateTimeOffset time, long firstStep)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = new EventFile(Create(folder, time));
            try
            {
                file.Append(new ProtoMessage().Double(WallTime, Seconds(time)).Text(FileVersion, "brain.Event:2"));
                file.Append(new ProtoMessage().Double(WallTime, Seconds(time)).Int64(Step, firstStep)
                    .Message(SessionLog, new ProtoMessage().Int64(SessionStatus, SessionStart)));
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write in {folder}: {e.Message}", e);
        }
    }

    /// <summary>Appends what is to be told of a step.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was, or will be at the next call.</exception>
    public void Append(DateTimeOffset time, long step, SummaryMessage summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        Append(new ProtoMessage().Double(WallTime, Seconds(time)).Int64(Step, step).Message(Summary, summary.Message));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Files of a folder are read in the order of their names.
    private static FileStream Create(string folder, DateTimeOffset time)
    {
        for (var number = 0; ; number++)
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{time.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{number:D3}");
            var path = Path.Combine(folder, name);
            if (!Path.Exists(path))
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            }
        }
    }

    private void Append(ProtoMessage message)
    {
        const int Length = sizeof(long);
        const int Check = sizeof(uint);
        var data = message.Bytes;
        var record = new byte[Length + Check + data.Length + Check];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Length), MaskedCrc32C.Of(record.AsSpan(0, Length)));
        data.CopyTo(record.AsSpan(Length + Check));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Length + Check + data.Length), MaskedCrc32C.Of(data));
        _file.Append(record);
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
