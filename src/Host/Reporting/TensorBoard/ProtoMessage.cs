using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Involute.Host.Reporting.TensorBoard;

/// <summary>The bytes of one message of Protocol Buffers (protobuf.dev, "Encoding"), field by field.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written up to here.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>A whole number.</summary>
    public ProtoMessage Int64(int field, long value)
    {
        Tag(field, Varint);
        Write(unchecked((ulong)value));
        return this;
    }

    /// <summary>A number in double precision.</summary>
    public ProtoMessage Double(int field, double value)
    {
        Tag(field, Fixed64);
        Write(value);
        return this;
    }

    /// <summary>A number in single precision.</summary>
    public ProtoMessage Float(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>A text.</summary>
    public ProtoMessage Text(int field, string value) => Delimit(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message within this one.</summary>
    public ProtoMessage Message(int field, ProtoMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Delimit(field, value.Bytes);
    }

    /// <summary>A packed list of numbers in double precision.</summary>
    public ProtoMessage Doubles(int field, ReadOnlySpan<double> values)
    {
        Tag(field, Delimited);
        Write((ulong)values.Length * sizeof(double));
        foreach (var value in values)
        {
            Write(value);
        }

        return this;
    }

    private ProtoMessage Delimit(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, Delimited);
        Write((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private void Tag(int field, int type) => Write((ulong)((field << 3) | type));

    private void Write(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    private void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }
}
