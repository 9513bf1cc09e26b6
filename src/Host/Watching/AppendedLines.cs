using Involute.Host.Reporting;

namespace Involute.Host.Watching;

/// <summary>
/// The lines of a file that a learner appends to, each read once. A file that was cut, as a resume does, or replaced is read anew.
/// </summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
/// <param name="path">The file; it may come later.</param>
/// <param name="lastBytes">Of what is there at first, only lines in so many bytes at its end.</param>
internal sealed class AppendedLines(string path, long lastBytes = long.MaxValue)
{
    // What stood before the place where reading goes on: other bytes there say that the file is another one.
    private const int MarkBytes = 64;

    private byte[] _mark = [];
    private long _position;

    /// <summary>Reads what is new.</summary>
    /// <param name="restart">Is called before the file is read from its beginning: what was read before does not hold.</param>
    /// <param name="header">Is given the first line of the file after a restart; null if it has no header.</param>
    /// <param name="take">Is given each line.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(Action restart, Action<string>? header, Action<ReadOnlySpan<byte>> take)
    {
        ArgumentNullException.ThrowIfNull(restart);
        if (!File.Exists(path))
        {
            if (_position > 0)
            {
                Forget();
                restart();
            }

            return;
        }

        // A learner may hold it open for writing.
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (_position > 0 && !IsTheSame(file))
        {
            Forget();
            restart();
        }

        var skips = _position == 0 && Begin(file, header);
        file.Position = _position;
        WholeLines.Read(file, line =>
        {
            _position += line.Length + 1;
            if (!skips && line.Length > 0)
            {
                take(line);
            }

            skips = false;
            return true;
        });
        Remember(file);
    }

    /// <summary>The next reading begins at the file's beginning.</summary>
    public void Forget() => (_position, _mark) = (0, []);

    // Returns whether the first line of those that are read may be the rest of one.
    private bool Begin(FileStream file, Action<string>? header)
    {
        if (header is not null)
        {
            WholeLines.Read(file, line =>
            {
                _position = line.Length + 1;
                header(System.Text.Encoding.UTF8.GetString(line));
                return false;
            });
        }

        if (file.Length - _position <= lastBytes)
        {
            return false;
        }

        _position = file.Length - lastBytes;
        return true;
    }

    private bool IsTheSame(FileStream file)
    {
        if (file.Length < _position)
        {
            return false;
        }

        var there = new byte[_mark.Length];
        file.Position = _position - _mark.Length;
        file.ReadExactly(there);
        return there.AsSpan().SequenceEqual(_mark);
    }

    private void Remember(FileStream file)
    {
        _mark = new byte[(int)Math.Min(MarkBytes, _position)];
        file.Position = _position - _mark.Length;
        file.ReadExactly(_mark);
    }
}
