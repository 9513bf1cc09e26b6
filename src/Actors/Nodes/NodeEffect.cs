using Involute.Actors.Protocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Nodes;

/// <summary>What <see cref="NodeState"/> has decided; <see cref="NodeActor"/> performs it, in order.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>Make the pair actor of a placement, and give it the placement.</summary>
    public sealed record CreatePairs(PlaceBlock Placement) : NodeEffect;

    /// <summary>Stop the pair actor of a placement; its end is not worth a word.</summary>
    public sealed record StopPairs(PlacedBlock Pairs) : NodeEffect;

    /// <summary>Pass a message to the pair actor of a placement.</summary>
    public sealed record TellPairs(PlacedBlock Pairs, object Message) : NodeEffect;

    /// <summary>Say something to the learner.</summary>
    public sealed record TellLearner(IWireMessage Message) : NodeEffect;
}
