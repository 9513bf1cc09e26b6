using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Involute.Actors.Wire;

/// <summary>Stands where Akka's JSON serializer would: types without a serializer neither leave nor enter.</summary>
/// <remarks>
/// The JSON serializer loses a <c>ReadOnlyMemory&lt;float&gt;</c> without an error, and creates any object that a
/// received <c>$type</c> names.
/// </remarks>
/// <param name="system">The actor system.</param>
/// <param name="config">Akka passes settings to a constructor of this shape only; there are none.</param>
internal sealed class RefusingSerializer(ExtendedActorSystem system, Config config) : Serializer(system)
{
    /// <summary>The JSON serializer's own number, so that its messages end here too.</summary>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        throw new SerializationException($"{obj.GetType()} is not a message of the protocol and is not sent");
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException(
            $"JSON is not accepted (settings: {(config.IsEmpty ? "none" : "ignored")})");
}
