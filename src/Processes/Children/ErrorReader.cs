namespace Involute.Processes.Children;

/// <summary>Reads a child's standard error to its end, on a thread of its own: a child never waits to write there.</summary>
/// <remarks>Of a line only the beginning is kept, and lines are passed on one by one: memory does not grow.</remarks>
internal sealed class ErrorReader
{
    // Of UTF-8; a line of a log has fewer characters.
    private const int MostBytesOfLine = 2048;
    private const int SmallStack = 256 << 10;

    private readonly Stream _stream;
    private readonly ChildTalk _talk;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private byte[] _line = new byte[MostBytesOfLine];
    private int _length;
    private byte[] _last = new byte[MostBytesOfLine];
    private int _lastLength;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">What the child writes.</param>
    /// <param name="talk">Where its lines go.</param>
    public ErrorReader(Stream stream, ChildTalk talk)
    {
        (_stream, _talk) = (stream, talk);
        new Thread(Read, SmallStack) { IsBackground = true, Name = "hears a child" }.Start();
    }

    /// <summary>The last line that was not empty; empty before the first.</summary>
    public string LastLine
    {
        get
        {
            lock (_gate)
            {
                return OneLine.Of(_last.AsSpan(0, _lastLength));
            }
        }
    }

    /// <summary>Waits until all is read, for a time: a process that the child left behind may hold the stream.</summary>
    public void Wait(TimeSpan patience) => _ended.Task.Wait(patience);

    private void Read()
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (_stream.Read(buffer) is > 0 and var read)
            {
                Take(buffer.AsSpan(0, read));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // This side has closed it.
        }

        _stream.Dispose();
        EndLine();
        _talk.End();
        _ended.SetResult();
    }

    // Progress bars end their lines with a carriage return.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            Append(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(bytes.Length, MostBytesOfLine - _length)];
        taken.CopyTo(_line.AsSpan(_length));
        _length += taken.Length;
    }

    private void EndLine()
    {
        if (_line.AsSpan(0, _length).ContainsAnyExcept((byte)' ', (byte)'\t'))
        {
            lock (_gate)
            {
                (_last, _lastLength, _line) = (_line, _length, _last);
            }

            _talk.Say(_last.AsSpan(0, _lastLength));
        }

        _length = 0;
    }
}
