using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Involute.Runs.Checkpoints;

/// <summary>What every schema of a checkpoint begins and ends with. Little-endian.</summary>
/// <remarks>
/// 8 bytes magic "INVOCKPT"; int32 schema; int64 length of the whole; the body; SHA-256 of all before it. They stay where
/// they are in every schema, so that any version can tell whether the bytes are whole.
/// </remarks>
internal static class SealedBytes
{
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int LengthOffset = 12;
    private const int BodyOffset = LengthOffset + sizeof(long);

    /// <summary>Bytes around a body.</summary>
    public const int Around = BodyOffset + HashBytes;

    private static ReadOnlySpan<byte> Magic => "INVOCKPT"u8;

    /// <summary>Writes a body between them.</summary>
    /// <param name="schema">What the body is.</param>
    /// <param name="capacity">Bytes that the whole will have, about.</param>
    /// <param name="body">Writes it.</param>
    public static byte[] Write(int schema, int capacity, Action<BinaryWriter> body)
    {
        var stream = new MemoryStream(capacity);
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(schema);
        writer.Write(0L);
        body(writer);
        stream.SetLength(stream.Position + HashBytes);
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LengthOffset), bytes.Length);
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(^HashBytes..));
        return bytes;
    }

    /// <summary>The hash at the end, in lowercase hexadecimal digits.</summary>
    public static string HashText(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[^HashBytes..]);

    /// <summary>Why the bytes are damaged, in one line; null if they are as any version wrote them.</summary>
    public static string? Damage(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length || !bytes[..Magic.Length].SequenceEqual(Magic))
        {
            return "not a checkpoint (wrong magic)";
        }

        var length = bytes.Length < Around ? Around : BinaryPrimitives.ReadInt64LittleEndian(bytes[LengthOffset..]);
        if (length > bytes.Length)
        {
            return $"checkpoint is truncated: {bytes.Length} of {length} bytes";
        }

        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(bytes[..^HashBytes], hash);
        return length == bytes.Length && hash.SequenceEqual(bytes[^HashBytes..])
            ? null
            : "checkpoint is damaged (SHA-256 does not match)";
    }

    /// <summary>What bytes of a schema begin with: magic and schema.</summary>
    public static byte[] FirstBytes(int schema)
    {
        var bytes = new byte[LengthOffset];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), schema);
        return bytes;
    }

    /// <summary>The schema of bytes that are whole.</summary>
    public static int Schema(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);

    /// <summary>The body of bytes that are whole.</summary>
    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> bytes) => bytes[BodyOffset..^HashBytes];

    /// <summary>A text: its int32 length and UTF-8.</summary>
    public static void WriteText(this BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
