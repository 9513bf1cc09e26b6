namespace Involute.Runs.Ledger;

/// <summary>
/// What a run's ledger, from its first event to the record of a step, adds up to. It stands beside a checkpoint's commit, so
/// that a learner that goes on from there does not need to read what stands before.
/// </summary>
/// <param name="Sequence">The sequence number of that record.</param>
/// <param name="JournalSha256">The running hash of all events up to it (lowercase hex); see <c>JournalHash</c>.</param>
/// <param name="EpochSequence">The sequence number of the newest start of an epoch up to it.</param>
/// <param name="ComputationSequence">
/// That of the newest start of an epoch which says what computes; 0 if none does.
/// </param>
/// <param name="SettingsInEpoch">Setting changes written since that epoch began.</param>
public sealed record LedgerAnchor(
    long Sequence, string JournalSha256, long EpochSequence, long ComputationSequence, int SettingsInEpoch)
{
    /// <summary>The sequence number of the newest change of a setting that decides theta, up to that record; 0 if there is
    /// none.</summary>
    public long SettingSequence { get; init; }
}
