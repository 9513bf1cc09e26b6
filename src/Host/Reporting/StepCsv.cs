using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Involute.Host.Reporting;

/// <summary>An append-only CSV file whose first column is the outer step, in ascending order.</summary>
/// <remarks>
/// Every append is one write to the operating system, so a killed process loses at most the row it was writing.
/// A resume truncates the file once, after the last whole row of the step from which the run continues.
/// </remarks>
internal sealed class StepCsv : IDisposable
{
    private readonly FileStream _file;

    private StepCsv(FileStream file, string? lastRow)
    {
        _file = file;
        LastRow = lastRow;
    }

    /// <summary>The last row that a resume has kept, without its line end; null if there is none.</summary>
    public string? LastRow { get; }

    /// <summary>Outer step of <see cref="LastRow"/>; 0 if there is none.</summary>
    public long LastStep => LastRow is null ? 0 : StepOf(LastRow) ?? 0;

    /// <summary>
    /// Opens the file for appending and drops every row of a step after <paramref name="resumeFrom"/>.
    /// </summary>
    /// <param name="path">The file; created when missing.</param>
    /// <param name="header">Its first line, without the line end.</param>
    /// <param name="resumeFrom">Outer steps that are done; 0 for a new run.</param>
    /// <exception cref="IOException">It cannot be written, or has other columns.</exception>
    public static StepCsv Open(string path, string header, long resumeFrom)
    {
        FileStream? file = null;
        try
        {
            // No buffer in this process: each Write is one system call.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var (length, lastRow) = resumeFrom > 0 ? Keep(file, header, resumeFrom) : (0, null);
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            var csv = new StepCsv(file, lastRow);
            if (length == 0)
            {
                csv.Append(header + "\n");
            }

            return csv;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write {path}: {e.Message}", e);
        }
        catch (IOException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Append(string lines) => _file.Write(Encoding.UTF8.GetBytes(lines));

    public void Dispose() => _file.Dispose();

    /// <summary>The outer step at the beginning of a row; null if there is none.</summary>
    public static long? StepOf(string row)
    {
        var comma = row.IndexOf(',', StringComparison.Ordinal);
        return comma > 0
            && long.TryParse(row.AsSpan(0, comma), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : null;
    }

    private static (long Length, string? LastRow) Keep(FileStream file, string header, long lastStep)
    {
        var columns = header.Count(c => c == ',');
        var length = 0L;
        string? lastRow = null;
        var lines = new WholeLines(new BufferedStream(file, 1 << 16));
        while (lines.Next() is { } line)
        {
            if (length == 0)
            {
                if (line != header)
                {
                    throw new IOException($"{file.Name} has other columns than this run: move it away to go on");
                }
            }
            else if (line.Count(c => c == ',') == columns && StepOf(line) is { } step && step <= lastStep)
            {
                lastRow = line;
            }
            else
            {
                break;
            }

            length = lines.Position;
        }

        return (length, lastRow);
    }

    /// <summary>Lines that end in a line feed, with the position after each; a torn last line does not count.</summary>
    private sealed class WholeLines(Stream stream)
    {
        private readonly List<byte> _line = [];

        public long Position { get; private set; }

        public string? Next()
        {
            _line.Clear();
            for (var next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
            {
                if (next == '\n')
                {
                    Position += _line.Count + 1;
                    return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_line));
                }

                _line.Add((byte)next);
            }

            return null;
        }
    }
}
