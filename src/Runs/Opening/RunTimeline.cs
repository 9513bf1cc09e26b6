using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Opening;

/// <summary>How far a run is and how fast it went, by the times at which the events of its ledger were written.</summary>
/// <remarks>
/// For people: a clock may be wrong, and nothing that decides theta reads it. The time between the last event of a learner
/// and the first of the next does not count. A ledger of any length takes some hundred looks.
/// </remarks>
/// <param name="Step">Outer steps done.</param>
/// <param name="MeanLoss">Mean meta-loss of the last outer step; null if there is none.</param>
/// <param name="Began">When the first learner began; null if the ledger does not say.</param>
/// <param name="LastStep">When the last outer step was written; null if there is none.</param>
/// <param name="Seconds">Time in which learners were at work.</param>
/// <param name="RateNow">Outer steps per second over about the last quarter of a minute of work.</param>
internal sealed record RunTimeline(
    long Step,
    double? MeanLoss,
    DateTimeOffset? Began,
    DateTimeOffset? LastStep,
    double Seconds,
    double? RateNow)
{
    /// <summary>Of a run that has written nothing.</summary>
    public static RunTimeline Empty { get; } = new(0, null, null, null, 0, null);

    /// <summary>Outer steps per second of work since the run's start.</summary>
    public double? Rate => Seconds > 0 && Step > ForkedAt ? (Step - ForkedAt) / Seconds : null;

    /// <summary>Where the run comes from; null if it is no fork.</summary>
    public RunForked? Fork { get; init; }

    /// <summary>Hash of theta after the last outer step; null if there is none.</summary>
    public string? ThetaSha256 { get; init; }

    private long ForkedAt => Fork?.Step ?? 0;

    /// <summary>Reads it, as of one moment.</summary>
    public static RunTimeline Read(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ReadRecords(records => Of(records, LedgerId.Of(store.RunId)));
    }

    /// <summary>The same of records.</summary>
    public static RunTimeline Of(IRunRecords records, string ledger) => new Reading(records, ledger).Timeline();

    private sealed class Reading(IRunRecords records, string ledger)
    {
        // Events of other kinds between two steps, of learners that were killed before their first step, say.
        private const int MostBetweenSteps = 1000;
        private static readonly TimeSpan Recent = TimeSpan.FromSeconds(15);

        private readonly long _last = records.LastSequence(ledger);

        public RunTimeline Timeline()
        {
            var epochs = Epochs();
            var fork = At(2)?.Event as RunForked;
            if (epochs.Count == 0 || LastStep() is not { } last)
            {
                return Empty with
                {
                    Began = epochs.Count > 0 ? epochs[0].Began : null,
                    Step = fork?.Step ?? 0,
                    ThetaSha256 = fork?.ThetaSha256,
                    Fork = fork,
                };
            }

            return new RunTimeline(
                last.Step.Step,
                last.Step.MeanLoss,
                epochs[0].Began,
                last.Created,
                epochs.Sum(epoch => epoch.Seconds),
                RateNow(last, epochs[^1]))
            {
                ThetaSha256 = last.Step.ThetaSha256,
                Fork = fork,
            };
        }

        // Numbers of epochs ascend, so that each begins where a binary search finds it.
        private List<Epoch> Epochs()
        {
            var epochs = new List<Epoch>();
            for (var first = 1L; first <= _last;)
            {
                if (At(first) is not { } began)
                {
                    return epochs;
                }

                var (low, high) = (first, _last);
                while (low < high)
                {
                    var middle = low + ((high - low + 1) / 2);
                    (low, high) = At(middle) is { } found && found.Event.Epoch > began.Event.Epoch
                        ? (low, middle - 1)
                        : (middle, high);
                }

                epochs.Add(new Epoch(first, began.Created, At(low)?.Created ?? began.Created));
                first = low + 1;
            }

            return epochs;
        }

        private (StepRecorded Step, long Sequence, DateTimeOffset Created)? LastStep()
        {
            for (var sequence = _last; sequence > Math.Max(0, _last - MostBetweenSteps); sequence--)
            {
                if (At(sequence) is { Event: StepRecorded step } at)
                {
                    return (step, sequence, at.Created);
                }
            }

            return null;
        }

        private double? RateNow((StepRecorded Step, long Sequence, DateTimeOffset Created) last, Epoch epoch)
        {
            for (var back = 1L; ; back *= 2)
            {
                var sequence = Math.Max(epoch.First, last.Sequence - back);
                if (sequence >= last.Sequence || At(sequence) is not { } before)
                {
                    return null;
                }

                var time = last.Created - before.Created;
                if (time >= Recent || sequence == epoch.First)
                {
                    // Of the first step of a learner, the start of its process is no part.
                    var steps = last.Step.Step - (before.Event is StepRecorded step ? step.Step : StepBefore(sequence, last));
                    return time > TimeSpan.Zero && steps > 0 ? steps / time.TotalSeconds : null;
                }
            }
        }

        // A checkpoint's event stands behind its step, a learner's first event before its first step.
        private long StepBefore(long sequence, (StepRecorded Step, long Sequence, DateTimeOffset Created) last)
        {
            for (var next = sequence + 1; next < last.Sequence; next++)
            {
                if (At(next) is { Event: StepRecorded step })
                {
                    return step.Step - 1;
                }
            }

            return last.Step.Step - 1;
        }

        private (ILedgerEvent Event, DateTimeOffset Created)? At(long sequence) =>
            records.Event(ledger, sequence) is { Created: { } created } row && JournalEntry.Of(row).Event is { } read
                ? (read, created)
                : null;
    }

    private sealed record Epoch(long First, DateTimeOffset Began, DateTimeOffset Ended)
    {
        public double Seconds => Math.Max(0, (Ended - Began).TotalSeconds);
    }
}
