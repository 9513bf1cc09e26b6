using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>What a run's store says, read at one moment.</summary>
public sealed class RunHistory
{
    private readonly List<double> _meanLosses = [];
    private readonly List<EpochStarted> _epochs = [];
    private readonly List<SettingChanged> _settingChanges = [];
    private readonly List<long> _checkpointSteps = [];
    private readonly List<long> _wholeSteps = [];

    internal RunHistory()
    {
    }

    internal RunHistory(LedgerStart start)
    {
        FirstWriter = start.First.Writer;
        Last = start.Record;
        FirstStep = Last.Step;
        _meanLosses.Add(Last.MeanLoss);
        _epochs.Add((EpochStarted)start.Epoch.Event!);
        _settingChanges.AddRange(start.Changes);
    }

    /// <summary>
    /// The first step that was read: 1, of a fork the step that it comes from, or of a long run that of the older checkpoint
    /// that is kept.
    /// </summary>
    public long FirstStep { get; private set; } = 1;

    /// <summary>Where the run comes from, if it is a fork; null in what is read of a long one.</summary>
    public RunForked? Fork { get; private set; }

    /// <summary>The writer of the first event, which no other ledger has; null if there is none.</summary>
    public string? FirstWriter { get; private set; }

    /// <summary>The last recorded step; null if there was none.</summary>
    public StepRecorded? Last { get; private set; }

    /// <summary>The last outer step in the ledger; 0 if there was none.</summary>
    public long LastStep => Last?.Step ?? 0;

    /// <summary>Hash of theta after the last step; null if there was no step.</summary>
    public string? LastThetaSha256 => Last?.ThetaSha256;

    /// <summary>Mean meta-loss of the last step; NaN if there was none.</summary>
    public double LastMeanLoss => Last?.MeanLoss ?? double.NaN;

    /// <summary>Mean meta-loss of each step that was read: index 0 is <see cref="FirstStep"/>.</summary>
    public IReadOnlyList<double> MeanLosses => _meanLosses;

    /// <summary>The learners that have written the part that was read.</summary>
    public IReadOnlyList<EpochStarted> Epochs => _epochs;

    /// <summary>
    /// Settings that were changed: all of those that decide theta, and of the others those in the part that was read.
    /// </summary>
    public IReadOnlyList<SettingChanged> SettingChanges => _settingChanges;

    /// <summary>Steps whose checkpoints are in the store, ascending.</summary>
    public IReadOnlyList<long> CheckpointSteps => _checkpointSteps;

    /// <summary>Steps of the checkpoints that are committed and whole, ascending.</summary>
    public IReadOnlyList<long> WholeSteps => _wholeSteps;

    /// <summary>The newest committed checkpoint that is whole; null if there is none.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    internal void Apply(JournalEntry entry)
    {
        FirstWriter ??= entry.Writer;
        switch (entry.Event)
        {
            case StepRecorded step when step.Step == LastStep + 1:
                Last = step;
                _meanLosses.Add(step.MeanLoss);
                break;
            case EpochStarted epoch:
                _epochs.Add(epoch);
                break;
            case SettingChanged change:
                _settingChanges.Add(change);
                break;
            case RunForked fork when Last is null:
                (Fork, FirstStep, Last) = (fork, fork.Step, fork.Record);
                _meanLosses.Add(fork.MeanLoss);
                break;
            default:
                break;
        }
    }

    internal void Apply(long checkpointStep, Checkpoint? committed)
    {
        _checkpointSteps.Add(checkpointStep);
        if (committed is not null)
        {
            _wholeSteps.Add(checkpointStep);
            Checkpoint = committed;
        }
    }
}
