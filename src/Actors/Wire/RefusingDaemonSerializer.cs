using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Involute.Actors.Wire;

/// <summary>
/// Stands where Akka reads the request to create an actor from afar, of any class that the request names.
/// </summary>
/// <param name="system">The actor system.</param>
internal sealed class RefusingDaemonSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>The number of Akka's own, so that such requests end here.</summary>
    public override int Identifier => 3;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException("remote actors are never created: the message is not sent");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("remote actors are never created: the message is not accepted");
}
