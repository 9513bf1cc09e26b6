using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Involute.Actors.Protocol;

namespace Involute.Actors.Wire;

/// <summary>
/// Serializes every <see cref="IWireMessage"/>: a schema byte, then the fields; vectors are raw float32.
/// </summary>
internal sealed class ProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The first byte of every message; raised when the bytes of any message change.</summary>
    public const byte Schema = 1;

    /// <summary>At most so many bytes has a message that is not large.</summary>
    public const int MostControlBytes = 1 << 18;

    private static readonly FrozenDictionary<Type, MessageFormat> ByType =
        WireFormats.All.ToFrozenDictionary(format => format.Type);

    private static readonly FrozenDictionary<string, MessageFormat> ByManifest =
        WireFormats.All.ToFrozenDictionary(format => format.Manifest);

    /// <inheritdoc/>
    public override int Identifier => 4110;

    /// <inheritdoc/>
    public override string Manifest(object o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return FormatOf(o).Manifest;
    }

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return Write(obj).Bytes;
    }

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The bytes are not a message of ours, or of another schema.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    /// <summary>The name and the bytes of a message.</summary>
    internal static (string Manifest, byte[] Bytes) Write(object message)
    {
        var format = FormatOf(message);
        var writer = new WireWriter();
        writer.Byte(Schema);
        format.Write(writer, message);
        return (format.Manifest, writer.ToArray());
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="SerializationException">The bytes are not a message of ours, or of another schema.</exception>
    internal static object Read(ReadOnlyMemory<byte> bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var format))
        {
            throw new SerializationException($"unknown message '{manifest}'");
        }

        try
        {
            if (bytes.Length > MostControlBytes && !format.IsLarge)
            {
                throw new InvalidDataException($"{bytes.Length} bytes; at most {MostControlBytes}");
            }

            var reader = new WireReader(bytes);
            if (reader.Byte() is var schema && schema != Schema)
            {
                throw new InvalidDataException($"schema {schema}, this process speaks {Schema}");
            }

            var message = format.Read(reader);
            reader.RequireEnd();
            return message;
        }
        catch (InvalidDataException error)
        {
            throw new SerializationException($"message '{manifest}': {error.Message}", error);
        }
    }

    private static MessageFormat FormatOf(object message) =>
        ByType.TryGetValue(message.GetType(), out var format)
            ? format
            : throw new SerializationException($"{message.GetType()} has no wire format");
}
