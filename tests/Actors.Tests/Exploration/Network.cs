using Involute.Actors.Protocol;
using Involute.Actors.Wire;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Everything that is under way between processes, as bytes.</summary>
internal sealed class Network(Chance chance, Weather weather, Mischief mischief, Trace trace, Tally tally)
{
    private readonly List<Envelope> _underWay = [];

    public int Count => _underWay.Count;

    /// <summary>Whether faults are over: then each message arrives, once, and soon.</summary>
    public bool IsFair { get; set; }

    public void Send(Ref from, Ref to, IWireMessage message)
    {
        if (mischief.OnWire(message) is not { } sent)
        {
            trace.Note("mischief: swallowed", message, to);
            return;
        }

        if (Happens(weather.Drop, Fault.Dropped))
        {
            trace.Note("lost", sent, from, to);
            return;
        }

        Put(from, to, sent);
        if (Happens(weather.Duplicate, Fault.Duplicated))
        {
            Put(from, to, mischief.OnCopy(sent));
        }
    }

    /// <summary>A message that arrives now; null if it has to wait.</summary>
    public (Ref From, Ref To, IWireMessage Message)? Take()
    {
        var index = IsFair ? 0 : chance.Below(_underWay.Count);
        var any = _underWay[index];
        var first = _underWay.FindIndex(other => other.From == any.From && other.To == any.To);
        if (first != index && !Happens(weather.Reorder, Fault.Reordered))
        {
            index = first;
        }

        var taken = _underWay[index];
        if (!IsFair && taken.NotBefore > trace.Turn)
        {
            return null;
        }

        _underWay.RemoveAt(index);
        return (taken.From, taken.To, (IWireMessage)ProtocolSerializer.Read(taken.Bytes, taken.Manifest));
    }

    private void Put(Ref from, Ref to, IWireMessage message)
    {
        var (manifest, bytes) = ProtocolSerializer.Write(message);
        var notBefore = Happens(weather.Delay, Fault.Delayed) ? trace.Turn + 1 + chance.Below(weather.LongestDelay) : 0;
        _underWay.Add(new Envelope(from, to, manifest, bytes, notBefore));
    }

    private bool Happens(int permille, Fault fault)
    {
        if (IsFair || !chance.Permille(permille))
        {
            return false;
        }

        tally.Add(fault);
        return true;
    }

    private readonly record struct Envelope(Ref From, Ref To, string Manifest, byte[] Bytes, int NotBefore);
}
