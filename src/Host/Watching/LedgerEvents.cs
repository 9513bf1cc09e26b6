using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Host.Watching;

/// <summary>Something that happened to a run, as a mark on the axis of outer steps.</summary>
/// <param name="Step">The outer step after which it happened; null if it is not known.</param>
/// <param name="Time">When; null if it is not known.</param>
/// <param name="Kind">One of the constants.</param>
/// <param name="Text">In words.</param>
internal sealed record RunEvent(long? Step, DateTimeOffset? Time, string Kind, string Text)
{
    /// <summary>A learner began or ended.</summary>
    public const string Learner = "learner";

    /// <summary>A setting was changed.</summary>
    public const string Setting = "setting";

    /// <summary>A node came or went.</summary>
    public const string Node = "node";

    /// <summary>Something that an operator may have to look at.</summary>
    public const string Warning = "warning";
}

/// <summary>The events of a run's ledger beside its outer steps. Each is read once.</summary>
internal sealed class LedgerEvents
{
    // Of the longest runs the oldest checkpoints are left out.
    private const int MostAtOnce = 20_000;
    private const int MostEvents = 300;
    private const int MostCheckpoints = 400;
    private const int MostBetweenSteps = 200;

    private List<long> _checkpoints = [];
    private List<RunEvent> _events = [];
    private long _known;
    private string? _writer;

    /// <summary>Grows whenever something changes.</summary>
    public long Version { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>Steps of checkpoints, ascending; of many some.</summary>
    public IReadOnlyList<long> Checkpoints => _checkpoints;

    /// <summary>The number of changed settings that were read.</summary>
    public int Changes { get; private set; }

    /// <summary>Takes in what has been written.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    public void Refresh(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var ledger = LedgerId.Of(store.RunId);
        var news = store.ReadRecords(records =>
        {
            var last = records.LastSequence(ledger);
            var writer = records.FirstWriter(ledger);
            var known = writer == _writer && last >= _known ? _known : 0;
            return new News(
                writer, last, known,
                last == known ? [] :
                [
                    .. records.NewestFirst(ledger).TakeWhile(row => row.Sequence > known).Take(MostAtOnce).Reverse()
                        .Select(row => (row, Event(records, ledger, row))),
                ]);
        });
        if (news.Known == 0 && _known > 0)
        {
            (_checkpoints, _events, Changes) = ([], [], 0);
            Version++;
        }

        foreach (var (_, it) in news.Rows)
        {
            Add(it);
        }

        (_writer, _known) = (news.Writer, news.Last);
    }

    private void Add((RunEvent? Event, long? Checkpoint) it)
    {
        if (it.Checkpoint is { } step)
        {
            // After a resume from an older one, steps come again.
            _checkpoints.RemoveAll(known => known >= step);
            _checkpoints.Add(step);
            if (_checkpoints.Count > MostCheckpoints)
            {
                _checkpoints = [.. _checkpoints.Where((_, place) => place % 2 == 1)];
            }

            Version++;
        }

        if (it.Event is { } happened)
        {
            Changes += happened.Kind == RunEvent.Setting ? 1 : 0;
            _events.Add(happened);
            if (_events.Count > MostEvents)
            {
                _events.RemoveAt(0);
            }

            Version++;
        }
    }

    private static (RunEvent? Event, long? Checkpoint) Event(IRunRecords records, string ledger, JournalRow row) =>
        JournalEntry.Of(row).Event switch
        {
            CheckpointCommitted commit => (null, commit.Step),
            EpochStarted start => (
                new RunEvent(
                    StepBefore(records, ledger, row.Sequence), row.Created, RunEvent.Learner,
                    start.Epoch == 1 ? "the run began" : $"learner {start.Epoch} began: it took over, or the run was resumed"),
                null),
            SettingChanged change => (
                new RunEvent(
                    change.Step ?? StepBefore(records, ledger, row.Sequence), row.Created, RunEvent.Setting,
                    $"{change.Key}: {change.From} became {change.To}"),
                null),
            CheckpointsSetAside aside => (
                new RunEvent(
                    aside.At, row.Created, RunEvent.Learner, $"went back to the checkpoint of outer step {aside.At}"),
                null),
            RunForked fork => (
                new RunEvent(
                    fork.Step, row.Created, RunEvent.Learner, $"forked from {fork.Parent} at outer step {fork.Step}"),
                null),
            _ => (null, null),
        };

    private static long? StepBefore(IRunRecords records, string ledger, long sequence)
    {
        for (var before = sequence - 1; before > Math.Max(0, sequence - MostBetweenSteps); before--)
        {
            if (records.Event(ledger, before) is { } row)
            {
                switch (JournalEntry.Of(row).Event)
                {
                    case StepRecorded step:
                        return step.Step;
                    case RunForked fork:
                        return fork.Step;
                    default:
                        continue;
                }
            }
        }

        return sequence <= MostBetweenSteps ? 0 : null;
    }

    private sealed record News(
        string? Writer, long Last, long Known, List<(JournalRow Row, (RunEvent? Event, long? Checkpoint) It)> Rows);
}
