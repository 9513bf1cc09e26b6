using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Involute.ProcessChild;

/// <summary>The child's side of the streams and of the shared file, written from docs/problem-protocol.md alone.</summary>
public sealed unsafe class Wire : IDisposable
{
    public const ushort Greeting = 1;
    public const ushort Advance = 2;
    public const ushort Evaluate = 3;
    public const ushort Error = 4;

    private const int HeaderSize = 16;
    private const int MostInline = 65_536;

    private readonly Stream _input = Console.OpenStandardInput();
    private readonly byte[] _request = new byte[HeaderSize + MostInline];
    private readonly byte[] _answer = new byte[HeaderSize + MostInline];
    private FileStream? _file;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private byte* _mapped;
    private long _mappedLength;
    private int _length;
    private bool _isInFile;

    /// <summary>Where raw bytes can be written.</summary>
    public Stream Output { get; } = Console.OpenStandardOutput();

    /// <summary>The payload of the frame that was read last.</summary>
    public ReadOnlySpan<byte> Payload => _isInFile ? Mapped(0, _length) : _request.AsSpan(HeaderSize, _length);

    /// <summary>Reads Involute's greeting, and opens the file.</summary>
    public void ReadGreeting()
    {
        if (Read() != Greeting)
        {
            throw new InvalidDataException("no greeting");
        }

        using var json = JsonDocument.Parse(Payload.ToArray());
        _file = new FileStream(
            json.RootElement.GetProperty("file").GetString()!, FileMode.Open, FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>Reads the next frame.</summary>
    /// <returns>Its kind; 0 at the end of input.</returns>
    public ushort Read()
    {
        if (_input.ReadAtLeast(_request.AsSpan(0, HeaderSize), HeaderSize, throwOnEndOfStream: false) < HeaderSize)
        {
            return 0;
        }

        _isInFile = BinaryPrimitives.ReadUInt16LittleEndian(_request.AsSpan(6)) == 1;
        _length = (int)BinaryPrimitives.ReadInt64LittleEndian(_request.AsSpan(8));
        if (!_isInFile)
        {
            _input.ReadExactly(_request.AsSpan(HeaderSize, _length));
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(_request.AsSpan(4));
    }

    /// <summary>Where the payload of an answer is written.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="at">Where in the file a long one begins.</param>
    public Span<byte> Answer(int length, long at)
    {
        if (length <= MostInline)
        {
            return _answer.AsSpan(HeaderSize, length);
        }

        if (_file!.Length < at + length)
        {
            _file.SetLength(at + length);
        }

        return Mapped(at, length);
    }

    /// <summary>Sends an answer.</summary>
    public void Send(ushort kind, int length, byte version = 1, ushort? flags = null, long? told = null)
    {
        var header = _answer.AsSpan(0, HeaderSize);
        "INV"u8.CopyTo(header);
        header[3] = version;
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], kind);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags ?? (ushort)(length > MostInline ? 1 : 0));
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], told ?? length);
        Output.Write(_answer.AsSpan(0, HeaderSize + (length > MostInline ? 0 : length)));
        Output.Flush();
    }

    /// <summary>Sends bytes as an answer.</summary>
    public void Send(ushort kind, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Answer(payload.Length, 0));
        Send(kind, payload.Length);
    }

    public void Dispose()
    {
        Unmap();
        _file?.Dispose();
        _input.Dispose();
        Output.Dispose();
    }

    private Span<byte> Mapped(long at, int length)
    {
        if (_mappedLength < at + length)
        {
            Unmap();
            _map = MemoryMappedFile.CreateFromFile(
                _file!, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor();
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _mapped);
            _mappedLength = _file!.Length;
        }

        return new Span<byte>(_mapped + at, length);
    }

    private void Unmap()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
        _mappedLength = 0;
    }
}
