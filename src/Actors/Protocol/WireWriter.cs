using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Involute.Tasks.Unrolls;

namespace Involute.Actors.Protocol;

/// <summary>Writes the bytes of one message: little-endian numbers, and every length before what it counts.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    public void Double(double value) => Int64(BitConverter.DoubleToInt64Bits(value));

    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _bytes.Write(value);
    }

    public void Floats(ReadOnlySpan<float> values)
    {
        Int32(values.Length);
        var length = MemoryMarshal.AsBytes(values).Length;
        FlatBytes.Write(values, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    public void List<T>(IReadOnlyList<T> items, Action<WireWriter, T> write)
    {
        Int32(items.Count);
        foreach (var item in items)
        {
            write(this, item);
        }
    }
}
