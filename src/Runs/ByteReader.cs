using System.Buffers.Binary;
using System.Text;
using Involute.Tasks.Unrolls;

namespace Involute.Runs;

/// <summary>
/// Reads little-endian values; every length is checked against what is there before anything is allocated.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string what)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(1, sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(1, sizeof(long)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(1, sizeof(double)));

    public string Hash() => Convert.ToHexStringLower(Take(1, 32));

    public string Text()
    {
        try
        {
            return Utf8.GetString(Take(Int32(), 1));
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{what}: text is not UTF-8");
        }
    }

    public byte[] Bytes() => Take(Int32(), 1).ToArray();

    public T[] Values<T>(int size)
        where T : struct
    {
        var bytes = Take(Int32(), size);
        var values = new T[bytes.Length / size];
        FlatBytes.Read<T>(bytes, values);
        return values;
    }

    public readonly void RequireEnd()
    {
        if (!AtEnd)
        {
            throw new InvalidDataException($"{what}: {_rest.Length} bytes too many");
        }
    }

    private ReadOnlySpan<byte> Take(int count, int size)
    {
        var length = (long)count * size;
        if (count < 0 || length > _rest.Length)
        {
            throw new InvalidDataException($"{what}: a length of {length} bytes where {_rest.Length} are left");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
