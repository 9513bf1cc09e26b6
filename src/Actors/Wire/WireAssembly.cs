using System.Buffers;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;

namespace Involute.Actors.Wire;

/// <summary>Puts the pieces of large messages together again: for each sender at most one message at a time.</summary>
/// <remarks>
/// Akka keeps the order between two actors but may lose messages: a gap loses the whole message, as if it had never
/// been sent, and the protocol's reminders do the rest. What is unfinished is bounded in bytes and in number over all
/// senders: beyond it, what has waited longest for its next piece is dropped, so that beginnings cannot fill the
/// memory.
/// </remarks>
/// <param name="log">Hears of messages that are dropped for another reason than a gap.</param>
/// <param name="mostBytes">Bytes of all unfinished messages; buffers may take twice as much.</param>
/// <param name="mostMessages">Number of unfinished messages.</param>
internal sealed class WireAssembly(
    ILoggingAdapter log, long mostBytes = WireLink.MostBytes, int mostMessages = 4096)
{
    private readonly Dictionary<IActorRef, Partial> _partials = [];
    private long _bytes;
    private long _now;

    /// <summary>Bytes of unfinished messages.</summary>
    public long UnfinishedBytes => _bytes;

    /// <summary>Number of unfinished messages.</summary>
    public int Unfinished => _partials.Count;

    /// <summary>Takes a piece; returns the message when it was the last one and the whole is a message.</summary>
    public object? Offer(IActorRef sender, MessageChunk chunk)
    {
        if (chunk.Index == 0)
        {
            Drop(sender);
            if (chunk.Count is > 0 and <= WireLink.MostPieces)
            {
                _partials[sender] = new Partial(chunk.Message, chunk.Count);
            }
        }

        if (!_partials.TryGetValue(sender, out var partial))
        {
            return null;
        }

        if (!partial.Add(chunk, ++_now))
        {
            Drop(sender);
            return null;
        }

        _bytes += chunk.Bytes.Length;
        if (!partial.IsComplete)
        {
            MakeRoom();
            return null;
        }

        Drop(sender);
        return Read(sender, partial.Bytes, chunk.Manifest);
    }

    /// <summary>Forgets what a process that is gone has begun to send.</summary>
    public void Forget(Address process)
    {
        foreach (var sender in _partials.Keys.Where(sender => sender.Path.Address.Equals(process)).ToList())
        {
            Drop(sender);
        }
    }

    // A whole that is none must not stop the actor that it was sent to.
    private object? Read(IActorRef sender, ReadOnlyMemory<byte> bytes, string manifest)
    {
        try
        {
            return ProtocolSerializer.Read(bytes, manifest);
        }
        catch (SerializationException error)
        {
            log.Warning("pieces from {0} are dropped: {1}", sender, error.Message);
            return null;
        }
    }

    private void MakeRoom()
    {
        while (_bytes > mostBytes || _partials.Count > mostMessages)
        {
            var (sender, partial) = _partials.MinBy(entry => entry.Value.LastPiece);
            log.Warning(
                "an unfinished message of {0} bytes from {1} is dropped: {2} unfinished messages, {3} bytes, are too "
                    + "much",
                partial.Bytes.Length,
                sender,
                _partials.Count,
                _bytes);
            Drop(sender);
        }
    }

    private void Drop(IActorRef sender)
    {
        if (_partials.Remove(sender, out var partial))
        {
            _bytes -= partial.Bytes.Length;
        }
    }

    private sealed class Partial(long message, int count)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private int _pieces;

        public bool IsComplete => _pieces == count;

        public long LastPiece { get; private set; }

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public bool Add(MessageChunk chunk, long now)
        {
            if (chunk.Message != message || chunk.Count != count || chunk.Index != _pieces)
            {
                return false;
            }

            _bytes.Write(chunk.Bytes.Span);
            _pieces++;
            LastPiece = now;
            return true;
        }
    }
}
