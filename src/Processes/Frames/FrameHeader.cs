using System.Buffers.Binary;

namespace Involute.Processes.Frames;

/// <summary>The first bytes of a frame.</summary>
/// <param name="Version">Version of the protocol.</param>
/// <param name="Kind">What the frame is.</param>
/// <param name="Flags">1 if the payload lies in the shared file.</param>
/// <param name="Length">Bytes of the payload.</param>
internal readonly record struct FrameHeader(byte Version, FrameKind Kind, ushort Flags, ulong Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 16;

    /// <summary>The protocol that this program speaks.</summary>
    public const byte ThisVersion = 1;

    /// <summary>A payload of more bytes lies in the shared file, a smaller one never.</summary>
    public const int MostInline = 65_536;

    private const ushort InFile = 1;

    /// <summary>Of a payload of this version.</summary>
    public static FrameHeader Of(FrameKind kind, long length) =>
        new(ThisVersion, kind, length > MostInline ? InFile : (ushort)0, (ulong)length);

    /// <summary>Whether the payload lies in the shared file, or null if the flags are none that the length allows.</summary>
    public bool? IsInFile => Flags == (Length > MostInline ? InFile : 0) ? Flags == InFile : null;

    /// <summary>Whether bytes may be those of a header, as far as they go.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> bytes) => "INV"u8.StartsWith(bytes[..Math.Min(3, bytes.Length)]);

    /// <summary>Reads a header.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[3],
        (FrameKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> bytes)
    {
        "INV"u8.CopyTo(bytes);
        bytes[3] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Length);
    }
}
