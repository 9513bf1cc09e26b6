using Akka.Actor;
using Involute.Actors.Protocol;

namespace Involute.Actors.Wire;

/// <summary>Sends messages of any size: what does not fit a frame goes in pieces, in order.</summary>
/// <remarks>
/// Akka drops a message that is larger than a frame with no more than a line in the sender's log. Pieces of this size
/// also let heartbeats through between them, which share the connection. Within a process nothing is cut.
/// </remarks>
/// <param name="system">The sender's actor system.</param>
internal sealed class WireLink(ActorSystem system)
{
    /// <summary>Bytes of a message that is sent whole, and of a piece.</summary>
    public const int WholeBytes = 1 << 20;

    /// <summary>Bytes of a frame: a piece and what Akka writes around it (addresses, manifest).</summary>
    public const int FrameBytes = WholeBytes + (1 << 16);

    /// <summary>Pieces of the largest message; more are an attempt to fill the memory.</summary>
    public const int MostPieces = 1024;

    /// <summary>Bytes of the largest message: 1 GiB.</summary>
    public const long MostBytes = (long)MostPieces * WholeBytes;

    private readonly ExtendedActorSystem _system = (ExtendedActorSystem)system;
    private long _messages;

    /// <summary>Sends a message.</summary>
    /// <exception cref="InvalidOperationException">It is larger than <see cref="MostBytes"/>.</exception>
    public void Tell(IActorRef target, IWireMessage message, IActorRef sender)
    {
        if (IsHere(target) || message.WireBytes <= WholeBytes)
        {
            target.Tell(message, sender);
            return;
        }

        var (manifest, bytes) = ProtocolSerializer.Write(message);
        var count = (bytes.Length + WholeBytes - 1) / WholeBytes;
        if (count > MostPieces)
        {
            throw new InvalidOperationException(
                $"a message '{manifest}' of {bytes.Length} bytes is larger than the {MostBytes} bytes that others "
                    + "accept");
        }

        _messages++;
        for (var index = 0; index < count; index++)
        {
            var start = index * WholeBytes;
            var piece = bytes.AsMemory(start, Math.Min(WholeBytes, bytes.Length - start));
            target.Tell(new MessageChunk(message.RunId, _messages, index, count, manifest, piece), sender);
        }
    }

    private bool IsHere(IActorRef target) =>
        target.Path.Address.HasLocalScope || target.Path.Address.Equals(_system.Provider.DefaultAddress);
}
