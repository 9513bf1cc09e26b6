using System.Buffers.Binary;

namespace Involute.Processes.Frames;

/// <summary>
/// Frames to and from a child. What the protocol does not allow is a <see cref="FormatException"/>, whose message says what the
/// child did; the end of its output is an <see cref="EndOfStreamException"/>.
/// </summary>
/// <param name="input">The child's standard input.</param>
/// <param name="output">Its standard output.</param>
/// <param name="file">Where long payloads lie.</param>
/// <param name="hasEnded">Whether the child has ended: a process that it left behind may hold its output open.</param>
internal sealed class FrameChannel(Stream input, Stream output, SharedFile file, Func<bool> hasEnded)
{
    private const long MostBytesOfGreeting = 256 << 20;
    private const int ShownText = 100;

    // How soon the end of a child is seen whose output another process holds open.
    private const int LookMilliseconds = 100;

    // An answer begins on a page of its own.
    private const long Page = 4096;

    private readonly byte[] _received = new byte[FrameHeader.Size + FrameHeader.MostInline + 1];
    private byte[] _request = new byte[FrameHeader.Size];
    private byte[] _answer = [];

    /// <summary>Where the payload of the next request is written; it holds what was there before.</summary>
    public Span<byte> Request(int length)
    {
        var needed = checked(FrameHeader.Size + length);
        if (_request.Length < needed)
        {
            _request = new byte[needed];
        }

        return _request.AsSpan(FrameHeader.Size, length);
    }

    /// <summary>Prepares the shared file for a call, and tells the child of it in the request.</summary>
    /// <param name="lanes">Lanes of the call.</param>
    /// <param name="length">Bytes of the request.</param>
    /// <param name="answerLength">Bytes of the answer.</param>
    /// <returns>Where in the file a long answer will begin.</returns>
    /// <exception cref="IOException">There is no room.</exception>
    public long Prepare(int lanes, int length, int answerLength)
    {
        var requestEnd = length > FrameHeader.MostInline ? length : 0L;
        var answerAt = answerLength > FrameHeader.MostInline ? (requestEnd + Page - 1) / Page * Page : 0L;
        file.Ensure(answerLength > FrameHeader.MostInline ? answerAt + answerLength : requestEnd);
        var preface = Request(CallLayout.Preface);
        BinaryPrimitives.WriteUInt32LittleEndian(preface, (uint)lanes);
        BinaryPrimitives.WriteUInt32LittleEndian(preface[4..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(preface[8..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(preface[16..], (ulong)answerAt);
        return answerAt;
    }

    /// <summary>Sends the request.</summary>
    /// <exception cref="IOException">The child takes no more.</exception>
    public void Send(FrameKind kind, int length)
    {
        var isInline = length <= FrameHeader.MostInline;
        if (!isInline)
        {
            file.Write(Request(length), 0);
        }

        FrameHeader.Of(kind, length).Write(_request);
        input.Write(_request.AsSpan(0, FrameHeader.Size + (isInline ? length : 0)));
        input.Flush();
    }

    /// <summary>Waits for the child's greeting.</summary>
    /// <returns>Its JSON, or the error that came in its place.</returns>
    public (FrameKind Kind, byte[] Payload) ReceiveGreeting()
    {
        var (header, filled) = ReceiveHeader(FrameKind.Greeting);
        return header.Length > MostBytesOfGreeting
            ? throw new FormatException($"greeted with {header.Length} bytes; at most {MostBytesOfGreeting} are taken")
            : (header.Kind, ReceivePayload(header, filled, fileAt: 0).ToArray());
    }

    /// <summary>Waits for an answer.</summary>
    /// <param name="kind">Of the request.</param>
    /// <param name="length">Bytes that the answer must have.</param>
    /// <param name="fileAt">Where in the file it begins if it is long.</param>
    /// <param name="isError">Whether it is an error.</param>
    /// <returns>Its payload; valid until the next call.</returns>
    public ReadOnlySpan<byte> Receive(FrameKind kind, int length, long fileAt, out bool isError)
    {
        var (header, filled) = ReceiveHeader(kind);
        isError = header.Kind == FrameKind.Error;
        return !isError && header.Length != (ulong)length
            ? throw new FormatException($"answered {Name(kind)} with {header.Length} bytes instead of {length}")
            : ReceivePayload(header, filled, fileAt);
    }

    /// <summary>Throws if the child has written something without being asked.</summary>
    public void RequireSilence()
    {
        if (output is System.IO.Pipes.PipeStream pipe && !OperatingSystem.IsWindows()
            && Pipes.HasBytes(pipe.SafePipeHandle) && output.Read(_received) is > 0 and var read)
        {
            throw FrameHeader.CanBegin(_received.AsSpan(0, read))
                ? new FormatException("gave a second answer to one request")
                : NoFrame(read);
        }
    }

    private (FrameHeader Header, int Filled) ReceiveHeader(FrameKind kind)
    {
        var filled = 0;
        while (filled < FrameHeader.Size)
        {
            filled += Read(filled);
            if (!FrameHeader.CanBegin(_received.AsSpan(0, filled)))
            {
                throw NoFrame(filled);
            }
        }

        var header = FrameHeader.Read(_received);
        return header.Version != FrameHeader.ThisVersion
            ? throw new FormatException(
                $"speaks version {header.Version} of the protocol, and this program version {FrameHeader.ThisVersion}")
            : header.Kind != kind && header.Kind != FrameKind.Error
            ? throw new FormatException($"answered {Name(kind)} with a frame of kind {(ushort)header.Kind}")
            : header.IsInFile is null
            ? throw new FormatException(
                $"sent a frame of {header.Length} bytes with flags {header.Flags}; a payload lies in the shared file if it has more "
                    + $"than {FrameHeader.MostInline} bytes")
            : header.Kind == FrameKind.Error && header.Length > FrameHeader.MostInline
            ? throw new FormatException($"sent an error of {header.Length} bytes; allowed: {FrameHeader.MostInline}")
            : (header, filled);
    }

    private ReadOnlySpan<byte> ReceivePayload(FrameHeader header, int filled, long fileAt)
    {
        var needed = FrameHeader.Size + (header.IsInFile == true ? 0 : (int)header.Length);
        while (filled < needed)
        {
            filled += Read(filled);
        }

        if (filled > needed)
        {
            throw new FormatException(
                $"wrote more than its answer to its standard output: {Quoted(_received.AsSpan(needed, filled - needed))}");
        }

        return header.IsInFile == true ? ReadFile((int)header.Length, fileAt) : _received.AsSpan(FrameHeader.Size, (int)header.Length);
    }

    private ReadOnlySpan<byte> ReadFile(int length, long fileAt)
    {
        if (_answer.Length < length)
        {
            _answer = new byte[length];
        }

        var answer = _answer.AsSpan(0, length);
        return file.TryRead(answer, fileAt)
            ? answer
            : throw new FormatException($"told of {length} bytes in the shared file, which has fewer");
    }

    private int Read(int filled)
    {
        WaitForBytes();
        return output.Read(_received, filled, _received.Length - filled) is > 0 and var read
            ? read
            : throw new EndOfStreamException();
    }

    // What a child wrote before it ended is there when its end is seen.
    private void WaitForBytes()
    {
        if (output is not System.IO.Pipes.PipeStream pipe || OperatingSystem.IsWindows())
        {
            return;
        }

        while (!Pipes.CanRead(pipe.SafePipeHandle, LookMilliseconds))
        {
            if (hasEnded() && !Pipes.CanRead(pipe.SafePipeHandle, 0))
            {
                throw new EndOfStreamException();
            }
        }
    }

    // An answer may follow the text at once.
    private FormatException NoFrame(int filled)
    {
        var text = _received.AsSpan(0, filled);
        var answer = text.IndexOf("INV\u0001"u8);
        return new FormatException(
            $"wrote {Quoted(answer < 0 ? text : text[..answer])} to its standard output, which is for answers only; text goes to standard error");
    }

    private static string Quoted(ReadOnlySpan<byte> text) => $"'{OneLine.Of(text, ShownText)}'";

    private static string Name(FrameKind kind) => kind switch
    {
        FrameKind.Greeting => "the greeting",
        FrameKind.Advance => "advance",
        _ => "evaluate",
    };
}
