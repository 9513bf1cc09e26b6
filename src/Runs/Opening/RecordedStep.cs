using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Opening;

/// <summary>Finds the record of one outer step in a ledger of any length, without reading it.</summary>
internal static class RecordedStep
{
    /// <summary>The record of a step in the ledger of a run; null if there is none.</summary>
    public static StepRecorded? Find(IRunStore store, long step)
    {
        ArgumentNullException.ThrowIfNull(store);

        // What is read of a store is not null.
        return store.ReadRecords(records => new[] { Find(records, LedgerId.Of(store.RunId), step) })[0];
    }

    /// <summary>The record of a step; null if there is none.</summary>
    /// <param name="records">What the store holds.</param>
    /// <param name="persistenceId">The ledger.</param>
    /// <param name="step">The outer step.</param>
    public static StepRecorded? Find(IRunRecords records, string persistenceId, long step)
    {
        ArgumentNullException.ThrowIfNull(records);

        // Steps are recorded in order, with few other events between them.
        var (low, high) = (1L, records.LastSequence(persistenceId));
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var (sequence, found) = FirstFrom(records, persistenceId, middle, high);
            if (found is null || found.Step > step)
            {
                high = middle - 1;
            }
            else if (found.Step < step)
            {
                low = sequence + 1;
            }
            else
            {
                return found;
            }
        }

        return null;
    }

    private static (long Sequence, StepRecorded? Step) FirstFrom(
        IRunRecords records, string persistenceId, long from, long upTo)
    {
        for (var sequence = from; sequence <= upTo; sequence++)
        {
            switch (records.Event(persistenceId, sequence) is { } row ? JournalEntry.Of(row).Event : null)
            {
                case StepRecorded step:
                    return (sequence, step);
                case RunForked fork:
                    return (sequence, fork.Record);
                default:
                    break;
            }
        }

        return (upTo, null);
    }
}
