using System.Buffers.Binary;
using System.Text;
using Involute.Tasks.Unrolls;

namespace Involute.Actors.Protocol;

/// <summary>Reads what <see cref="WireWriter"/> wrote.</summary>
/// <remarks>
/// The bytes may come from a foreign program: a length is believed only as far as bytes are left, so nothing larger
/// than the message itself is ever allocated.
/// </remarks>
internal sealed class WireReader(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    private int Left => bytes.Length - _at;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"a flag is 0 or 1, not {other}"),
    };

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    public string Text() => Encoding.UTF8.GetString(Take(Count(1)));

    public ReadOnlyMemory<byte> Bytes() => Take(Count(1)).ToArray();

    public float[] Floats()
    {
        var values = new float[Count(sizeof(float))];
        FlatBytes.Read(Take(values.Length * sizeof(float)), values.AsSpan());
        return values;
    }

    /// <summary>A list whose items take at least <paramref name="leastItemBytes"/> bytes each.</summary>
    public T[] List<T>(int leastItemBytes, Func<WireReader, T> read)
    {
        var items = new T[Count(leastItemBytes)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(this);
        }

        return items;
    }

    public void RequireEnd()
    {
        if (Left != 0)
        {
            throw new InvalidDataException($"{Left} bytes too many");
        }
    }

    private int Count(int leastItemBytes)
    {
        var count = Int32();
        return count >= 0 && (long)count * leastItemBytes <= Left
            ? count
            : throw new InvalidDataException($"a length of {count} with {Left} bytes left");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw new InvalidDataException($"{count} bytes wanted, {Left} left");
        }

        var taken = bytes.Span.Slice(_at, count);
        _at += count;
        return taken;
    }
}
