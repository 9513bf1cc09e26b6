using Involute.Runs;

namespace Involute.Actors.Protocol;

/// <summary>A piece of a message that is too large for one frame.</summary>
/// <param name="RunId">The run of the message.</param>
/// <param name="Message">Tells the messages of one sender apart.</param>
/// <param name="Index">Which piece, from 0.</param>
/// <param name="Count">How many pieces there are.</param>
/// <param name="Manifest">Name of the message's type on the wire.</param>
/// <param name="Bytes">The piece.</param>
internal sealed record MessageChunk(
    RunId RunId, long Message, int Index, int Count, string Manifest, ReadOnlyMemory<byte> Bytes) : IWireMessage
{
    /// <inheritdoc/>
    public long WireBytes => IWireMessage.FieldBytes + Bytes.Length;
}
