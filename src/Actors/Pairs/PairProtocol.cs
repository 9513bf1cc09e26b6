using Involute.Actors.Wire;
using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Actors.Pairs;

/// <summary>What a pair actor says to the learner.</summary>
public static class PairProtocol
{
    /// <summary>The pairs have run one window.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempt">The placement that the pairs have run under.</param>
    /// <param name="Contribution">Names the pairs and the theta version.</param>
    /// <param name="State">The state after the window, if it was asked for; else empty.</param>
    public sealed record WindowAdvanced(
        RunId RunId, int Attempt, PairContribution<float> Contribution, ReadOnlyMemory<byte> State) : IWireMessage;

    /// <summary>The state that <paramref name="Version"/> windows have made.</summary>
    public sealed record StateSaved(
        RunId RunId, PairBlock Block, int Attempt, ThetaVersion Version, ReadOnlyMemory<byte> State) : IWireMessage;
}
