using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Estimators;
using Involute.Estimators.Pairs;

namespace Involute.Runs.Ledger;

/// <summary>A fact in the ledger of a run. Facts are never deleted. Hashes are lowercase hexadecimal digits.</summary>
public interface ILedgerEvent
{
    /// <summary>Which learner wrote it: 1 for the first.</summary>
    long Epoch { get; }
}

/// <summary>A learner has begun to write: the first fact of each.</summary>
/// <param name="Epoch">1 for the first learner, then one more each.</param>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
/// <param name="Computation">What computes from here on; null in ledgers of before version 0.3.</param>
public sealed record EpochStarted(
    long Epoch, RunId RunId, string IdentitySha256, Computation? Computation = null) : ILedgerEvent;

/// <summary>An outer step was done.</summary>
/// <param name="Step">The version of theta that it has made: 1 for the first.</param>
/// <param name="Epoch">The learner that did it.</param>
/// <param name="ThetaSha256">Hash of theta after the step.</param>
/// <param name="ContributionsSha256">Hash of all contributions in pair order.</param>
/// <param name="ChainSha256">SHA-256 of (chain hash of the step before, theta hash, contributions hash).</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Pairs">Pairs used.</param>
public sealed record StepRecorded(
    long Step,
    long Epoch,
    string ThetaSha256,
    string ContributionsSha256,
    string ChainSha256,
    double MeanLoss,
    int Pairs) : ILedgerEvent;

/// <summary>A setting was changed on resume, or while the run went on.</summary>
public sealed record SettingChanged(long Epoch, string Key, string From, string To) : ILedgerEvent
{
    /// <summary>
    /// The outer step after which it holds, which is the last one that is recorded before this event. Null in ledgers of before
    /// version 0.3 of a setting that decides nothing.
    /// </summary>
    public long? Step { get; init; }

    /// <summary>Of one with a step: the sequence number of the one before it; 0 if there was none.</summary>
    public long Previous { get; init; }

    /// <summary>Who has changed it, for people; null where that was not recorded.</summary>
    public string? By { get; init; }

    /// <summary>When, to the millisecond; of a change that says who has made it.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A checkpoint is on disk. The same step may be committed again, when its row was found damaged.</summary>
/// <param name="Step">Its outer step.</param>
/// <param name="Epoch">The learner that saved it.</param>
/// <param name="BlobSha256">The hash at the end of its bytes.</param>
/// <param name="Anchor">
/// What the ledger up to the record of its step adds up to; null of the start of a run, and in ledgers of before version 0.3.
/// </param>
public sealed record CheckpointCommitted(long Step, long Epoch, string BlobSha256, LedgerAnchor? Anchor = null)
    : ILedgerEvent;

/// <summary>
/// An operator has gone on from an older checkpoint (<c>resume --at</c>): checkpoints of later steps that stand before this
/// event do not count any more. Their rows are kept under another name.
/// </summary>
/// <param name="Epoch">The learner that went on.</param>
/// <param name="At">The step of the checkpoint that it went on from; 0 for the start of the run.</param>
public sealed record CheckpointsSetAside(long Epoch, long At) : ILedgerEvent;

/// <summary>
/// The run is a fork: it goes on from a step of another run. Stands right behind the start of the first epoch.
/// </summary>
/// <param name="Epoch">The epoch that was begun for it.</param>
/// <param name="Parent">The other run, as it was called then.</param>
/// <param name="ParentLedger">The writer of its ledger's first event, which no other ledger has.</param>
/// <param name="Step">The step.</param>
/// <param name="ThetaSha256">Hash of theta after that step, by the other run's ledger.</param>
/// <param name="ChainSha256">The chain hash of that step there: the chain of this ledger goes on from it.</param>
/// <param name="MeanLoss">Its mean meta-loss.</param>
/// <param name="Carried">What else was taken over, for people.</param>
public sealed record RunForked(
    long Epoch,
    RunId Parent,
    string ParentLedger,
    long Step,
    string ThetaSha256,
    string ChainSha256,
    double MeanLoss,
    string Carried) : ILedgerEvent
{
    /// <summary>The step as a record of this ledger, which its next step follows.</summary>
    internal StepRecorded Record => new(Step, Epoch, ThetaSha256, LedgerState.ChainStart, ChainSha256, MeanLoss, Pairs: 0);
}

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
