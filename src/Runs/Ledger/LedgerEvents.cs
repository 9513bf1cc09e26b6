namespace Involute.Runs.Ledger;

/// <summary>A fact in the ledger of a run. Facts are never deleted. Hashes are lowercase hexadecimal digits.</summary>
public interface ILedgerEvent;

/// <summary>A learner has begun to write: the first fact of each.</summary>
/// <param name="Epoch">1 for the first learner, then one more each.</param>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
public sealed record EpochStarted(long Epoch, RunId RunId, string IdentitySha256) : ILedgerEvent;

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

/// <summary>A setting was changed on resume.</summary>
public sealed record SettingChanged(long Epoch, string Key, string From, string To) : ILedgerEvent;

/// <summary>A checkpoint is on disk. The same step may be committed again, when its row was found damaged.</summary>
/// <param name="Step">Its outer step.</param>
/// <param name="Epoch">The learner that saved it.</param>
/// <param name="BlobSha256">The hash at the end of its bytes.</param>
public sealed record CheckpointCommitted(long Step, long Epoch, string BlobSha256) : ILedgerEvent;
