using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// One learner at a time: epochs are counted up from 1, and no learner writes once another has begun.
/// </summary>
internal sealed class EpochCheck() : RunCheck("epochs")
{
    private readonly HashSet<string> _gone = [];
    private string? _writer;
    private int _writers;
    private long _epoch;
    private long _begun;
    private int _epochs;
    private long _events;

    public override void Begin(LedgerStart start) =>
        (_epoch, _begun, _writer) = (start.Record.Epoch, start.Epoch.Sequence, start.Step.Writer);

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        SeeWriter(entry);
        switch (entry.Event)
        {
            case EpochStarted started:
                Begin(started, entry.Sequence);
                break;
            case StepRecorded step:
                Compare($"step {step.Step}", step.Epoch, entry.Sequence, step.Step);
                break;
            case CheckpointCommitted commit:
                Compare($"the commit of checkpoint {commit.Step}", commit.Epoch, entry.Sequence, commit.Step);
                break;
            case SettingChanged change:
                Compare($"the change of {change.Key}", change.Epoch, entry.Sequence, change.Step);
                if (change.Step is { } last && last != before.Acknowledged)
                {
                    Findings.Add(
                        $"{change.Key} changed after step {last}, says sequence {entry.Sequence}, which stands behind step "
                            + $"{before.Acknowledged}",
                        last,
                        entry.Sequence);
                }

                break;
            case RunForked fork:
                Compare($"the fork of step {fork.Step}", fork.Epoch, entry.Sequence, fork.Step);
                break;
            case CheckpointsSetAside aside:
                Compare("the setting aside of checkpoints", aside.Epoch, entry.Sequence, aside.At);
                break;
            default:
                break;
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) => (
        $"{Counted.Of(_epochs, "epoch")}, {Counted.Of(_writers, "writer")}, {Counted.Of(_events, "event")} between them",
        _epochs + _events > 0);

    // A learner that lost its store for a while has more than one writer in its epoch, but never two at once.
    private void SeeWriter(JournalEntry entry)
    {
        if (entry.Writer is null)
        {
            Findings.Add($"sequence {entry.Sequence} names no writer", sequence: entry.Sequence);
            return;
        }

        if (entry.Writer == _writer)
        {
            return;
        }

        if (_gone.Contains(entry.Writer))
        {
            Findings.Add(
                $"sequence {entry.Sequence}: writer {entry.Writer} writes again, after another had begun",
                sequence: entry.Sequence);
        }
        else
        {
            _writers++;
        }

        if (_writer is not null)
        {
            _gone.Add(_writer);
        }

        _writer = entry.Writer;
    }

    private void Begin(EpochStarted started, long sequence)
    {
        _epochs++;
        if (started.Epoch != _epoch + 1)
        {
            Findings.Add(
                $"epoch {started.Epoch} begins at sequence {sequence}, after epoch {_epoch}", sequence: sequence);
        }

        if (started.Epoch > _epoch)
        {
            (_epoch, _begun) = (started.Epoch, sequence);
        }
    }

    private void Compare(string what, long epoch, long sequence, long? step)
    {
        _events++;
        if (epoch != _epoch)
        {
            var contradiction = epoch < _epoch
                ? $"after epoch {_epoch} has begun at sequence {_begun}"
                : "which has not begun";
            Findings.Add($"{what} at sequence {sequence} is of epoch {epoch}, {contradiction}", step, sequence);
        }
    }
}
