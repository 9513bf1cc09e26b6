using Akka.Actor;
using Involute.Actors.Wire;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;

namespace Involute.Actors.Pairs;

/// <summary>What a pair actor says to its node, which passes it on to the learner.</summary>
public interface IPairAnswer
{
}

/// <summary>The answers of pairs.</summary>
public static class PairProtocol
{
    /// <summary>Pairs to their node: they have run one window.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempt">The placement that the pairs have run under.</param>
    /// <param name="Contribution">Names the pairs and the theta version.</param>
    /// <param name="State">The state after the window, if it was asked for; else empty.</param>
    public sealed record WindowAdvanced(
        RunId RunId, int Attempt, PairContribution<float> Contribution, ReadOnlyMemory<byte> State)
        : IPairAnswer, INoSerializationVerificationNeeded;

    /// <summary>
    /// Node to learner: windows that its pairs have run. Each contribution stays by itself: it is the learner who sums, in
    /// pair order.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Windows">Of any placements, as they were done.</param>
    public sealed record WindowsAdvanced(RunId RunId, IReadOnlyList<WindowAdvanced> Windows) : IWireMessage;

    /// <summary>The state that <paramref name="Version"/> windows have made.</summary>
    public sealed record StateSaved(
        RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version, ReadOnlyMemory<byte> State)
        : IWireMessage, IPairAnswer;
}
