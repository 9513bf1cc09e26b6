namespace Involute.Torch.Scripts;

/// <summary>The check sum of zip archives: CRC-32 of ISO 3309, reflected, polynomial 0x04C11DB7.</summary>
internal static class Crc32
{
    private const uint Reflected = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Step((uint)value))];

    /// <summary>The check sum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum = (sum >> 8) ^ Table[(byte)sum ^ value];
        }

        return ~sum;
    }

    private static uint Step(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Reflected;
        }

        return value;
    }
}
