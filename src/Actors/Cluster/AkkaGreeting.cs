using System.Buffers.Binary;
using System.Text;

namespace Involute.Actors.Cluster;

/// <summary>
/// The first message on a connection between actor systems, by which each tells the other its name, and the last.
/// </summary>
/// <remarks>
/// Frames of Akka.Remote: a length of four bytes, least significant first, and a protobuf message
/// (<c>AkkaProtocolMessage</c> of WireFormats.proto), which is all that is written and read here.
/// </remarks>
internal static class AkkaGreeting
{
    /// <summary>Longer answers are none.</summary>
    public const int MostBytes = 4096;

    /// <summary>Bytes of a frame's length.</summary>
    public const int LengthBytes = sizeof(int);

    private const int Instruction = 2;
    private const int Command = 1;
    private const int Handshake = 2;
    private const int Origin = 1;
    private const int Uid = 2;
    private const int System = 1;
    private const int Host = 2;
    private const int Port = 3;
    private const int Protocol = 4;

    private const int Associate = 1;
    private const int ShuttingDown = 4;

    private const int VarInt = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The frame that asks for a system's name.</summary>
    /// <param name="host">The name that the asking side gives; no member has it.</param>
    /// <param name="encrypted">Whether the connection is.</param>
    public static byte[] Hello(string host, bool encrypted)
    {
        byte[] origin =
        [
            .. Field(System, ClusterHocon.SystemName), .. Field(Host, host), .. Field(Port, 1),
            .. Field(Protocol, encrypted ? "akka.ssl.tcp" : "akka.tcp"),
        ];
        byte[] handshake = [.. Field(Origin, origin), (Uid << 3) | Fixed64, 1, 0, 0, 0, 0, 0, 0, 0];
        return Frame([.. Field(Command, Associate), .. Field(Handshake, handshake)]);
    }

    /// <summary>The frame that ends a connection as a system does that is shutting down.</summary>
    public static byte[] Goodbye() => Frame(Field(Command, ShuttingDown));

    /// <summary>The name that a system gives in its answer, and where it is; null if it is no answer.</summary>
    /// <param name="message">The frame without its length.</param>
    public static (string System, Endpoint Place)? ReadAnswer(ReadOnlyMemory<byte> message)
    {
        var origin = Find(Find(Find(message, Instruction), Handshake), Origin);
        var host = Encoding.UTF8.GetString(Find(origin, Host).Span);
        return host.Length > 0 && Number(origin, Port) is > 0 and <= ushort.MaxValue and var port
            ? (Encoding.UTF8.GetString(Find(origin, System).Span), new Endpoint(host, (int)port))
            : null;
    }

    private static byte[] Frame(byte[] instruction)
    {
        var message = Field(Instruction, instruction);
        var frame = new byte[LengthBytes + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, LengthBytes);
        return frame;
    }

    // Everything that is written here is shorter than 128 bytes, or numbered below 128: one byte each.
    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) =>
        [(byte)((number << 3) | Bytes), checked((byte)content.Length), .. content];

    private static byte[] Field(int number, int value) => [(byte)(number << 3), (byte)value];

    // The content of a field of bytes; empty if there is none.
    private static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> message, int number)
    {
        while (TryField(ref message, out var found, out _, out var content))
        {
            if (found == ((number << 3) | Bytes))
            {
                return content;
            }
        }

        return ReadOnlyMemory<byte>.Empty;
    }

    private static long? Number(ReadOnlyMemory<byte> message, int number)
    {
        while (TryField(ref message, out var found, out var value, out _))
        {
            if (found == number << 3)
            {
                return value;
            }
        }

        return null;
    }

    // What cannot be read ends the message.
    private static bool TryField(
        ref ReadOnlyMemory<byte> message, out long tag, out long value, out ReadOnlyMemory<byte> content)
    {
        (value, content) = (0, ReadOnlyMemory<byte>.Empty);
        if (!TryVarInt(ref message, out tag))
        {
            return false;
        }

        switch (tag & 7)
        {
            case VarInt:
                return TryVarInt(ref message, out value);
            case Bytes:
                return TryVarInt(ref message, out var length) && TryTake(ref message, length, out content);
            case Fixed64:
                return TryTake(ref message, sizeof(long), out content);
            case Fixed32:
                return TryTake(ref message, sizeof(int), out content);
            default:
                return false;
        }
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> message, long length, out ReadOnlyMemory<byte> content)
    {
        content = ReadOnlyMemory<byte>.Empty;
        if (length < 0 || length > message.Length)
        {
            return false;
        }

        content = message[..(int)length];
        message = message[(int)length..];
        return true;
    }

    private static bool TryVarInt(ref ReadOnlyMemory<byte> message, out long value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(message.Length, 9); i++)
        {
            value |= (long)(message.Span[i] & 0x7F) << (7 * i);
            if (message.Span[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
