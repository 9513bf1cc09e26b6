using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Involute.Host.Reporting.TensorBoard;

/// <summary>The check sum of TFRecord files: CRC-32C (RFC 3720, section 12.1), rotated right by 15 bits, plus a constant.</summary>
internal static class MaskedCrc32C
{
    private const uint Mask = 0xa282ead8;

    /// <summary>The check sum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Plain(bytes), 15) + Mask);

    /// <summary>CRC-32C of some bytes, without the mask.</summary>
    public static uint Plain(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
