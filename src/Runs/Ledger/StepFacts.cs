using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Runs.Ledger;

/// <summary>What the ledger is told of an outer step.</summary>
/// <param name="Step">The version of theta that the step has made: 1 for the first.</param>
/// <param name="ThetaSha256">Hash of theta after the step (lowercase hex).</param>
/// <param name="ContributionsSha256">Hash of all contributions in pair order (lowercase hex).</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Pairs">Pairs used.</param>
public sealed record StepFacts(long Step, string ThetaSha256, string ContributionsSha256, double MeanLoss, int Pairs)
{
    /// <summary>The facts of a step and of the contributions, in pair order, that it was made from.</summary>
    public static StepFacts Of(OuterStepResult<float> result, IReadOnlyList<PairContribution<float>> contributions)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new StepFacts(
            result.Version.Value,
            result.State.Theta.HashText(),
            HashContributions(contributions),
            result.MeanLoss,
            result.Reports.Count);
    }

    /// <summary>
    /// SHA-256 over, in pair order and little-endian: int32 first pair, int32 pairs, float32 gradient.
    /// </summary>
    public static string HashContributions(IReadOnlyList<PairContribution<float>> contributions)
    {
        ArgumentNullException.ThrowIfNull(contributions);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var contribution in contributions)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([contribution.Block.First, contribution.Block.Count]));
            hash.AppendData(MemoryMarshal.AsBytes(contribution.Gradient.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
