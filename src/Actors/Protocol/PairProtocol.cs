using Akka.Actor;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;

namespace Involute.Actors.Protocol;

/// <summary>What a pair actor says to its node, which passes it on to the learner.</summary>
internal interface IPairAnswer
{
}

/// <summary>
/// What a node and its pair actors say to each other; stays in the process but for what the node passes on.
/// </summary>
/// <remarks>
/// To pairs go <see cref="NodeProtocol.ThetaPublished"/> and <see cref="NodeProtocol.SaveState"/> too, as the learner
/// sent them.
/// </remarks>
internal static class PairProtocol
{
    /// <summary>Node to its new pairs: what they are made from.</summary>
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
        IReadOnlyList<Theta<float>> Thetas) : INoSerializationVerificationNeeded;

    /// <summary>Node to its own pairs: say again what you have said of this theta.</summary>
    public sealed record RepeatAnswer(ThetaVersion Version) : INoSerializationVerificationNeeded;

    /// <summary>Pairs to their node: they have run one window.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempt">The placement that the pairs have run under.</param>
    /// <param name="Contribution">Names the pairs and the theta version.</param>
    /// <param name="State">The state after the window, if it was asked for; else empty.</param>
    /// <param name="Took">How long the window was computed, for people.</param>
    public sealed record WindowAdvanced(
        RunId RunId, int Attempt, PairContribution<float> Contribution, ReadOnlyMemory<byte> State,
        TimeSpan Took = default)
        : IPairAnswer, INoSerializationVerificationNeeded
    {
        private const long ReportBytes = 64;

        /// <summary>About how many bytes it takes as a part of a message.</summary>
        public long WireBytes => ((long)Contribution.Gradient.Length * sizeof(float))
            + (ReportBytes * (1 + Contribution.Reports.Count)) + State.Length;
    }

    /// <summary>
    /// Pairs to their node, and on to the learner: the state that <paramref name="Version"/> windows have made.
    /// </summary>
    public sealed record StateSaved(
        RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version, ReadOnlyMemory<byte> State)
        : IWireMessage, IPairAnswer
    {
        /// <inheritdoc/>
        public long WireBytes => IWireMessage.FieldBytes + State.Length;
    }

    /// <summary>On the node: a pair actor has thrown, and is gone.</summary>
    /// <param name="Pairs">Its placement.</param>
    /// <param name="Fatal">Whether another try is pointless.</param>
    /// <param name="Error">Type and message of the exception.</param>
    public sealed record PairsFailed(PlacedBlock Pairs, bool Fatal, string Error) : INoSerializationVerificationNeeded;

    /// <summary>On the node: a pair actor has stopped without an error, though it was not told to.</summary>
    /// <param name="Pairs">Its placement.</param>
    public sealed record PairsStopped(PlacedBlock Pairs) : INoSerializationVerificationNeeded;
}
