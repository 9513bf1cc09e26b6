using System.Buffers.Text;
using System.Text;

namespace Involute.Host.Reporting;

/// <summary>Reads the rows of a <see cref="StepCsv"/> that a run goes on with, also of a file that was changed.</summary>
internal static class StepCsvRows
{
    private const int BufferBytes = 1 << 16;

    /// <summary>What is in a file.</summary>
    /// <param name="HasHeader">Whether it begins with the header.</param>
    /// <param name="Length">Bytes up to the end of the last row that stays, if nothing before it was changed.</param>
    /// <param name="LastRow">That row.</param>
    /// <param name="Others">Lines before it that are no rows.</param>
    /// <param name="IsChanged">Whether there are such lines, or line ends of another kind.</param>
    internal readonly record struct Kept(bool HasHeader, long Length, string? LastRow, long Others, bool IsChanged);

    /// <summary>Reads a file up to the rows of an outer step; a torn last line does not count.</summary>
    public static Kept Read(string path, string header, long lastStep)
    {
        var scan = new Scan(header, lastStep, null);
        scan.Run(path);
        return scan.Kept;
    }

    /// <summary>Whether there is a file that begins with a header.</summary>
    public static bool BeginsWith(string path, string header)
    {
        try
        {
            return File.Exists(path) && Read(path, header, lastStep: 0).HasHeader;
        }
        catch (UnauthorizedAccessException)
        {
            // Opening it to write tells of it.
            return false;
        }
    }

    /// <summary>Writes the rows that stay anew, all with the line ends of this program; whole or not at all.</summary>
    public static void Rewrite(string path, string header, long lastStep)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                new Scan(header, lastStep, file).Run(path);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            // Only there if it was not renamed.
            File.Delete(temporary);
        }
    }

    private sealed class Scan(string header, long lastStep, Stream? copy)
    {
        private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

        private readonly byte[] _header = Encoding.UTF8.GetBytes(header);
        private readonly int _columns = header.Count(c => c == ',');
        private byte[] _last = [];
        private int _lastLength;
        private long _step;
        private long _others;
        private long _othersBefore;
        private bool _otherEnds;
        private bool _isChanged;
        private bool _hasHeader;
        private long _position;
        private long _length;

        public Kept Kept => new(
            _hasHeader, _length, _lastLength > 0 ? Encoding.UTF8.GetString(_last, 0, _lastLength) : null, _othersBefore,
            _isChanged);

        public void Run(string path)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var isFirst = true;
            WholeLines.Read(file, line =>
            {
                _position += line.Length + 1;
                var goesOn = isFirst ? TakeHeader(line) : TakeRow(line);
                isFirst = false;
                return goesOn;
            });
        }

        private bool TakeHeader(ReadOnlySpan<byte> line)
        {
            var text = WithoutReturn(line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line);
            _hasHeader = text.SequenceEqual(_header);
            _otherEnds = _isChanged = text.Length != line.Length;
            Keep(_hasHeader ? text : default);
            return _hasHeader;
        }

        // False at the first row of a later step: those behind it are of later steps too.
        private bool TakeRow(ReadOnlySpan<byte> line)
        {
            var text = WithoutReturn(line);
            if (text.Count((byte)',') != _columns || !Utf8Parser.TryParse(text, out long step, out var digits)
                || text[digits] != ',' || step < _step || step < 1)
            {
                _others++;
                return true;
            }

            if (step > lastStep)
            {
                return false;
            }

            _step = step;
            _otherEnds |= text.Length != line.Length;
            _othersBefore = _others;
            _isChanged = _otherEnds || _others > 0;
            if (_last.Length < text.Length)
            {
                _last = new byte[2 * text.Length];
            }

            text.CopyTo(_last);
            _lastLength = text.Length;
            Keep(text);
            return true;
        }

        private void Keep(ReadOnlySpan<byte> text)
        {
            _length = _position;
            if (copy is not null && text.Length > 0)
            {
                copy.Write(text);
                copy.WriteByte((byte)'\n');
            }
        }

        private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;
    }
}
