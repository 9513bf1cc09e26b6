using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using static Involute.Actors.Durability.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <summary>What the ledger is told of an outer step.</summary>
internal static class StepRecord
{
    public static RecordStep Of(OuterStepResult<float> result, IReadOnlyList<PairContribution<float>> contributions) =>
        new(
            result.Version.Value,
            result.State.Theta.HashText(),
            ContributionsSha256(contributions),
            result.MeanLoss,
            result.Reports.Count);

    /// <summary>
    /// SHA-256 over, in pair order and little-endian: int32 first pair, int32 pairs, float32 gradient.
    /// </summary>
    public static string ContributionsSha256(IReadOnlyList<PairContribution<float>> contributions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var contribution in contributions)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([contribution.Block.First, contribution.Block.Count]));
            hash.AppendData(MemoryMarshal.AsBytes(contribution.Gradient.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
