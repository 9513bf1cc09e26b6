using System.Runtime.InteropServices;

namespace Involute.Tasks.Unrolls;

/// <summary>Vectors as raw little-endian bytes: the one format of states, checkpoints and messages.</summary>
public static class FlatBytes
{
    /// <summary>Writes the values' bytes.</summary>
    /// <exception cref="PlatformNotSupportedException">The machine is big-endian.</exception>
    public static void Write<T>(ReadOnlySpan<T> values, Span<byte> destination)
        where T : struct
    {
        RequireLittleEndian();
        MemoryMarshal.AsBytes(values).CopyTo(destination);
    }

    /// <summary>Reads as many values as <paramref name="destination"/> holds.</summary>
    public static void Read<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : struct
    {
        RequireLittleEndian();
        var bytes = MemoryMarshal.AsBytes(destination);
        source[..bytes.Length].CopyTo(bytes);
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("state and checkpoints are little-endian; this machine is not");
        }
    }
}
