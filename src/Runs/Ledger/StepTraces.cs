namespace Involute.Runs.Ledger;

/// <summary>What is remembered of a recorded step: with what a recomputed one is compared, and where it stands.</summary>
/// <param name="Theta">Hash of theta after it.</param>
/// <param name="Facts">A short hash of its other facts.</param>
/// <param name="Sequence">The sequence number of its record.</param>
/// <param name="Journal">The running hash of the ledger up to there.</param>
/// <param name="EpochSequence">See <see cref="LedgerAnchor"/>.</param>
/// <param name="ComputationSequence">See <see cref="LedgerAnchor"/>.</param>
/// <param name="SettingsInEpoch">See <see cref="LedgerAnchor"/>.</param>
/// <param name="SettingSequence">See <see cref="LedgerAnchor"/>.</param>
internal readonly record struct StepTrace(
    Sha256Value Theta,
    long Facts,
    long Sequence,
    Sha256Value Journal,
    long EpochSequence,
    long ComputationSequence,
    int SettingsInEpoch,
    long SettingSequence)
{
    public LedgerAnchor Anchor() =>
        new(Sequence, Journal.ToString(), EpochSequence, ComputationSequence, SettingsInEpoch)
        {
            SettingSequence = SettingSequence,
        };
}

/// <summary>The traces of consecutive steps up to the last one; older ones are forgotten.</summary>
/// <param name="before">The step before the first.</param>
internal sealed class StepTraces(long before)
{
    private readonly List<StepTrace> _traces = [];
    private long _before = before;

    /// <summary>The last step; that before the first if there is none.</summary>
    public long Last => _before + _traces.Count;

    public void Add(StepTrace trace) => _traces.Add(trace);

    /// <summary>The trace of a step; null if it is forgotten, or was not recorded.</summary>
    public StepTrace? Find(long step) => step > _before && step <= Last ? _traces[(int)(step - _before - 1)] : null;

    /// <summary>Forgets the steps before this one.</summary>
    public void Forget(long step)
    {
        var count = (int)Math.Clamp(step - 1 - _before, 0, _traces.Count);
        _traces.RemoveRange(0, count);
        _before += count;
    }
}
