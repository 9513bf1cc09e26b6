using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Ledger;

namespace Involute.Actors.Protocol;

/// <summary>One placement of a block.</summary>
/// <param name="Block">The pairs.</param>
/// <param name="Attempt">Counts the placements of this block from 1.</param>
internal readonly record struct PlacedBlock(PairBlock Block, int Attempt);

/// <summary>Where a block stands, and the placement that goes on from there.</summary>
/// <param name="Block">The pairs.</param>
/// <param name="Attempt">Counts the placements of this block from 1.</param>
/// <param name="State">As <see cref="PairState{T}.Save"/> wrote it; empty before the first window.</param>
internal readonly record struct BlockState(PairBlock Block, int Attempt, ReadOnlyMemory<byte> State);

/// <summary>What the learner and the nodes say to each other.</summary>
/// <remarks>
/// Any message may be lost, come twice or late: each names its run, block, attempt and theta version, the learner
/// reminds (<see cref="StepReminder"/>), and those that have answered answer again.
/// </remarks>
internal static class NodeProtocol
{
    /// <summary>Raised whenever a message changes its meaning or its bytes.</summary>
    public const int Version = 6;

    /// <summary>What this program calls itself.</summary>
    public static string Program { get; } = $"involute {typeof(NodeProtocol).Assembly.GetName().Version}";

    /// <summary>
    /// Worker to the learner that leads the cluster's run: which run is it? Answered by <see cref="RunOffered"/>,
    /// <see cref="NodeRefused"/>, <see cref="RunEnded"/>, or not at all while there is no learner.
    /// </summary>
    /// <remarks>Its bytes must never change: it is what versions find out about each other with.</remarks>
    /// <param name="Program">The worker's <see cref="NodeProtocol.Program"/>, for people.</param>
    /// <param name="ProtocolVersion">The worker's <see cref="Version"/>.</param>
    public sealed record AskForRun(string Program, int ProtocolVersion) : IWireMessage
    {
        /// <summary>It does not know yet.</summary>
        public RunId RunId => new(string.Empty);
    }

    /// <summary>Learner to worker: everything that is needed to take part.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Configuration">Its effective settings, as text.</param>
    /// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
    public sealed record RunOffered(RunId RunId, string Configuration, string IdentitySha256) : IWireMessage
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes + (4L * Configuration.Length);
    }

    /// <summary>
    /// Node to learner: I can take pairs. Answered by <see cref="NodeAccepted"/> or <see cref="NodeRefused"/>.
    /// </summary>
    /// <param name="RunId">The run it was started for.</param>
    /// <param name="ProtocolVersion">Its <see cref="Version"/>.</param>
    /// <param name="IdentitySha256">Hash of the settings that decide theta, as it knows them.</param>
    /// <param name="Computation">What it would compute with.</param>
    /// <param name="Slots">Windows that it can run at once, at least 1.</param>
    /// <param name="ProcessId">Its process, for its supervisor.</param>
    public sealed record RegisterNode(
        RunId RunId, int ProtocolVersion, string IdentitySha256, Computation Computation, int Slots, int ProcessId)
        : IWireMessage;

    /// <summary>
    /// Worker to learner: would I be let in? Answered as <see cref="RegisterNode"/> is, and nothing follows.
    /// </summary>
    public sealed record AskForAdmission(RegisterNode Registration) : IWireMessage
    {
        /// <inheritdoc/>
        public RunId RunId => Registration.RunId;
    }

    /// <summary>Learner to node: blocks may follow.</summary>
    public sealed record NodeAccepted(RunId RunId) : IWireMessage;

    /// <summary>Learner to node: it would compute something else.</summary>
    public sealed record NodeRefused(RunId RunId, string Reason) : IWireMessage;

    /// <summary>
    /// Learner to node: these pairs are yours. A later attempt replaces an earlier one. The thetas come once for all of
    /// them.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Version">Windows that the states have had.</param>
    /// <param name="Thetas">To be replayed without an answer: <paramref name="Version"/> and up, no gap.</param>
    /// <param name="Blocks">The pairs, each under its attempt, and where they stand.</param>
    public sealed record PlaceBlocks(
        RunId RunId, ThetaVersion Version, IReadOnlyList<Theta<float>> Thetas, IReadOnlyList<BlockState> Blocks)
        : IWireMessage
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes
            + Blocks.Sum(block => IWireMessage.FieldBytes + block.State.Length)
            + Thetas.Sum(theta => IWireMessage.FieldBytes + ((long)theta.Values.Length * sizeof(float)));

        /// <summary>What each of the blocks is to be made from.</summary>
        public IEnumerable<PairProtocol.PlaceBlock> Each =>
            Blocks.Select(it => new PairProtocol.PlaceBlock(RunId, it.Block, it.Attempt, Version, it.State, Thetas));
    }

    /// <summary>Learner to node: these pairs are no longer yours, nor is any attempt before.</summary>
    public sealed record ReleaseBlock(RunId RunId, PairBlock Block, int Attempt) : IWireMessage;

    /// <summary>Learner to node, once, and on to its pairs: the next outer step starts from this theta.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Theta">Theta and its version.</param>
    /// <param name="AttachState">Whether a checkpoint follows: each pair sends its state after this window.</param>
    public sealed record ThetaPublished(RunId RunId, Theta<float> Theta, bool AttachState) : IWireMessage
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes + ((long)Theta.Values.Length * sizeof(float));
    }

    /// <summary>
    /// Learner to node, and on to the pairs: send the state after <paramref name="Version"/> windows.
    /// </summary>
    public sealed record SaveState(RunId RunId, PairBlock Block, ThetaVersion Version) : IWireMessage;

    /// <summary>
    /// Learner to node: the step has taken long. Say what you miss, and repeat what you have answered.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Version">The theta of the step.</param>
    /// <param name="Awaited">Placements on this node whose answers have not come.</param>
    public sealed record StepReminder(RunId RunId, ThetaVersion Version, IReadOnlyList<PlacedBlock> Awaited)
        : IWireMessage
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes + (16L * Awaited.Count);
    }

    /// <summary>Node to learner, after a reminder: I have not had this theta.</summary>
    public sealed record ThetaMissing(RunId RunId, ThetaVersion Version) : IWireMessage;

    /// <summary>
    /// Node or pairs to learner, after a reminder: nothing is known here of this placement, or it has missed a theta
    /// before that of the step.
    /// </summary>
    public sealed record BlockMissing(RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version)
        : IWireMessage, IPairAnswer;

    /// <summary>
    /// Node to learner: windows that its pairs have run. Each contribution stays by itself: the learner sums, in pair
    /// order.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Windows">Of any placements, as they were done.</param>
    public sealed record WindowsAdvanced(RunId RunId, IReadOnlyList<PairProtocol.WindowAdvanced> Windows) : IWireMessage
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes + Windows.Sum(window => window.WireBytes);
    }

    /// <summary>Learner to those that ask: the run is over, nothing more will come.</summary>
    public sealed record RunEnded(RunId RunId, string Reason) : IWireMessage;

    /// <summary>Node to learner: a pair actor threw, and is gone.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Block">Its pairs.</param>
    /// <param name="Attempt">Its placement.</param>
    /// <param name="Version">The theta that the node had last.</param>
    /// <param name="Fatal">Whether another try is pointless (see <c>PairFaults</c>).</param>
    /// <param name="Error">Type and message of the exception.</param>
    public sealed record BlockFailed(
        RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version, bool Fatal, string Error) : IWireMessage;

    /// <summary>Node to learner: its inner problem has said something, for the run's log.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Pair">The first pair of those that it computed; null if of none.</param>
    /// <param name="Line">What it said.</param>
    public sealed record ProblemSaid(RunId RunId, int? Pair, string Line) : IWireMessage;

    /// <summary>Node to learner: a pair actor stopped without an error.</summary>
    public sealed record BlockLost(RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version) : IWireMessage;
}
