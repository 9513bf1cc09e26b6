using System.Buffers;
using Akka.Actor;

namespace Involute.Actors.Wire;

/// <summary>Puts the pieces of large messages together again: for each sender at most one message at a time.</summary>
/// <remarks>
/// Akka keeps the order between two actors but may lose messages: a gap loses the whole message, as if it had never been
/// sent, and the protocol's reminders do the rest.
/// </remarks>
internal sealed class WireAssembly
{
    // No message of ours comes near; more would be somebody's try to fill the memory.
    private const int MostPieces = 2047;

    private readonly Dictionary<IActorRef, Partial> _partials = [];

    /// <summary>Takes a piece; returns the message when it was the last one.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">The whole is no message.</exception>
    public object? Offer(IActorRef sender, MessageChunk chunk)
    {
        if (chunk.Index == 0 && chunk.Count is > 0 and <= MostPieces)
        {
            _partials[sender] = new Partial(chunk.Message, chunk.Count);
        }

        if (!_partials.TryGetValue(sender, out var partial))
        {
            return null;
        }

        if (!partial.Add(chunk))
        {
            _partials.Remove(sender);
            return null;
        }

        if (!partial.IsComplete)
        {
            return null;
        }

        _partials.Remove(sender);
        return ProtocolSerializer.Read(partial.Bytes, chunk.Manifest);
    }

    /// <summary>Forgets what a process that is gone has begun to send.</summary>
    public void Forget(Address process)
    {
        foreach (var sender in _partials.Keys.Where(sender => sender.Path.Address.Equals(process)).ToList())
        {
            _partials.Remove(sender);
        }
    }

    private sealed class Partial(long message, int count)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private int _pieces;

        public bool IsComplete => _pieces == count;

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public bool Add(MessageChunk chunk)
        {
            if (chunk.Message != message || chunk.Count != count || chunk.Index != _pieces)
            {
                return false;
            }

            _bytes.Write(chunk.Bytes.Span);
            _pieces++;
            return true;
        }
    }
}
