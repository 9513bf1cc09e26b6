using Involute.Actors.Wire;
using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Actors.Nodes;

/// <summary>What the learner and the nodes say to each other.</summary>
public static class NodeProtocol
{
    /// <summary>Raised whenever a message changes its meaning or its bytes.</summary>
    public const int Version = 1;

    /// <summary>
    /// Node to learner: I can take pairs. Answered by <see cref="NodeAccepted"/> or <see cref="NodeRefused"/>.
    /// </summary>
    /// <param name="RunId">The run it was started for.</param>
    /// <param name="ProtocolVersion">Its <see cref="Version"/>.</param>
    /// <param name="IdentitySha256">Hash of the settings that decide theta, as it knows them.</param>
    /// <param name="Slots">Windows that it can run at once, at least 1.</param>
    public sealed record RegisterNode(RunId RunId, int ProtocolVersion, string IdentitySha256, int Slots)
        : IWireMessage;

    /// <summary>Learner to node: blocks may follow.</summary>
    public sealed record NodeAccepted(RunId RunId) : IWireMessage;

    /// <summary>Learner to node: it would compute something else.</summary>
    public sealed record NodeRefused(RunId RunId, string Reason) : IWireMessage;

    /// <summary>Learner to node: these pairs are yours. A later attempt replaces an earlier one.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Block">The pairs.</param>
    /// <param name="Attempt">Counts the placements of this block from 1.</param>
    /// <param name="Version">Windows that <paramref name="State"/> has had.</param>
    /// <param name="State">As <see cref="PairState{T}.Save"/> wrote it; empty before the first window.</param>
    /// <param name="Thetas">To be replayed without an answer: <paramref name="Version"/> and up, no gap.</param>
    public sealed record PlaceBlock(
        RunId RunId,
        PairBlock Block,
        int Attempt,
        ThetaVersion Version,
        ReadOnlyMemory<byte> State,
        IReadOnlyList<Theta<float>> Thetas) : IWireMessage;

    /// <summary>Learner to node, once, and on to its pairs: the next outer step starts from this theta.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Theta">Theta and its version.</param>
    /// <param name="AttachState">Whether a checkpoint follows: each pair sends its state after this window.</param>
    public sealed record ThetaPublished(RunId RunId, Theta<float> Theta, bool AttachState) : IWireMessage;

    /// <summary>
    /// Learner to node, and on to the pairs: send the state after <paramref name="Version"/> windows.
    /// </summary>
    public sealed record SaveState(RunId RunId, PairBlock Block, ThetaVersion Version) : IWireMessage;

    /// <summary>Node to learner: a pair actor threw, and is gone.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Block">Its pairs.</param>
    /// <param name="Attempt">Its placement.</param>
    /// <param name="Version">The theta that the node had last.</param>
    /// <param name="Fatal">Whether another try is pointless (see <see cref="PairFaults"/>).</param>
    /// <param name="Error">Type and message of the exception.</param>
    public sealed record BlockFailed(
        RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version, bool Fatal, string Error) : IWireMessage;

    /// <summary>Node to learner: a pair actor stopped without an error.</summary>
    public sealed record BlockLost(RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version) : IWireMessage;
}
