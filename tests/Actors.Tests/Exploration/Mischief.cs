using Involute.Actors.Protocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// A deliberate mistake in the protocol, to see that the simulation notices it. This base class changes nothing.
/// </summary>
internal class Mischief
{
    /// <summary>What is sent instead of a message; null for nothing.</summary>
    public virtual IWireMessage? OnWire(IWireMessage message) => message;

    /// <summary>What comes instead of a second copy of a message.</summary>
    public virtual IWireMessage OnCopy(IWireMessage message) => message;
}
