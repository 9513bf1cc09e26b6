using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification;
using Involute.Runs.Verification.Evidence;

namespace Involute.Tests;

/// <summary>The records of a run in memory, for tests that change them. Event i has sequence i + 1.</summary>
internal sealed class RecordedRun : IRunRecords
{
    private const string Own = "ledger-run";

    /// <summary>What the records of <see cref="Sample"/> must hold.</summary>
    public static ExpectedRun Expected { get; } = new(Sample.Run, Sample.Identity, Pairs: 3, PairsPerActor: 2);

    public List<ILedgerEvent> Events { get; } = [];

    public SortedDictionary<long, byte[]> Blobs { get; } = [];

    /// <summary>Writers by sequence; other events are of the writer of the epoch that was begun last.</summary>
    public Dictionary<long, string> Writers { get; } = [];

    /// <summary>Changes the rows when all are there.</summary>
    public Func<List<JournalRow>, IEnumerable<JournalRow>> Tamper { get; set; } = rows => rows;

    public IReadOnlyList<string> PersistenceIds { get; set; } = [Own];

    /// <summary>A run of one epoch, whose two newest checkpoints are stored.</summary>
    public static RecordedRun Of(int steps, params long[] checkpoints)
    {
        var run = new RecordedRun();
        run.Events.Add(new EpochStarted(1, Sample.Run, Sample.Identity, Sample.Computation));
        for (var step = 1; step <= steps; step++)
        {
            run.Record(step);
            if (checkpoints.Contains(step))
            {
                run.Commit(step);
            }
        }

        foreach (var step in checkpoints.TakeLast(2))
        {
            run.Blobs[step] = CheckpointFormat.Write(Sample.Checkpoint(step));
        }

        return run;
    }

    public long Epoch => Events.OfType<EpochStarted>().Last().Epoch;

    public void Begin(long epoch) => Events.Add(new EpochStarted(epoch, Sample.Run, Sample.Identity, Sample.Computation));

    public void Record(long step)
    {
        var record = Sample.Step(step);
        var before = Events.OfType<StepRecorded>().LastOrDefault()?.ChainSha256 ?? LedgerState.ChainStart;
        Events.Add(new StepRecorded(
            step,
            Epoch,
            record.ThetaSha256,
            record.ContributionsSha256,
            LedgerState.Chain(before, record.ThetaSha256, record.ContributionsSha256),
            record.MeanLoss,
            record.Pairs));
    }

    /// <summary>A commit as versions before 0.3 wrote it.</summary>
    public void Commit(long step) => Events.Add(new CheckpointCommitted(
        step, Epoch, CheckpointFormat.HashText(CheckpointFormat.Write(Sample.Checkpoint(step)))));

    /// <summary>Makes all commits say what the ledger up to their steps adds up to, as it is now.</summary>
    public RecordedRun Anchored()
    {
        for (var i = 0; i < Events.Count; i++)
        {
            if (Events[i] is CheckpointCommitted commit)
            {
                var fold = new AnchorFold();
                foreach (var entry in Rows(PersistenceIds[0]).Select(JournalEntry.Of))
                {
                    fold.Add(entry);
                    if (entry.Event is StepRecorded step && step.Step == commit.Step)
                    {
                        break;
                    }
                }

                Events[i] = commit with { Anchor = fold.Anchor };
            }
        }

        return this;
    }

    /// <summary>Changes what is recorded of a step, and the chain from there on, as a careful forger would.</summary>
    public void Forge(long step, Func<StepRecorded, StepRecorded> change)
    {
        var chain = LedgerState.ChainStart;
        for (var i = 0; i < Events.Count; i++)
        {
            if (Events[i] is StepRecorded recorded)
            {
                var forged = recorded.Step == step ? change(recorded) : recorded;
                chain = LedgerState.Chain(chain, forged.ThetaSha256, forged.ContributionsSha256);
                Events[i] = forged with { ChainSha256 = chain };
            }
        }
    }

    public void Store(Checkpoint checkpoint, long? step = null) =>
        Blobs[step ?? checkpoint.Step] = CheckpointFormat.Write(checkpoint);

    public VerifiedRun Verify(ExpectedRun? expected = null) => RunVerification.Of(this, expected ?? Expected);

    /// <summary>Every violation, as "check: message".</summary>
    public string[] Violations(ExpectedRun? expected = null) =>
        [.. Verify(expected).Checks.SelectMany(
            check => check.Findings.Select(finding => $"{check.Name}: {finding.Message}"))];

    public long LastSequence(string persistenceId) => Journal(persistenceId).Max(row => (long?)row.Sequence) ?? 0;

    public long CountEvents(string persistenceId, long after, long upTo) =>
        Journal(persistenceId).LongCount(row => row.Sequence > after && row.Sequence <= upTo);

    public long LastEpoch(string persistenceId) => Journal(persistenceId).LastOrDefault() is { } row
        ? LedgerEventFormat.Read(row.Message.Span, row.Manifest).Epoch
        : 0;

    public IReadOnlyList<string> StorageProblems() => [];

    public string? FirstWriter(string persistenceId) => Journal(persistenceId).FirstOrDefault()?.Writer;

    public bool HasCheckpoint(string persistenceId, long step) => Blobs.ContainsKey(step);

    public IEnumerable<JournalRow> Journal(string persistenceId, long after = 0) =>
        Rows(persistenceId).Where(row => after == 0 || row.Sequence > after);

    public IEnumerable<JournalRow> NewestFirst(string persistenceId) => Rows(persistenceId)
        .Where(row => !row.Manifest.StartsWith("step-", StringComparison.Ordinal)).Reverse();

    public JournalRow? Event(string persistenceId, long sequence) =>
        Rows(persistenceId).FirstOrDefault(row => row.Sequence == sequence);

    public JournalExtent Extent(string persistenceId)
    {
        var rows = Rows(persistenceId).ToList();
        return rows.Count == 0
            ? default
            : new JournalExtent(
                rows.Count, rows.Min(row => row.Sequence), rows.Max(row => row.Sequence), rows.Count(row => row.Deleted));
    }

    private IEnumerable<JournalRow> Rows(string persistenceId)
    {
        var rows = new List<JournalRow>();
        var writer = "nobody";
        foreach (var ledgerEvent in PersistenceIds.Contains(persistenceId) ? Events : [])
        {
            writer = ledgerEvent is EpochStarted started ? $"writer {started.Epoch}" : writer;
            var sequence = rows.Count + 1;
            rows.Add(new JournalRow(
                sequence,
                LedgerEventFormat.ManifestOf(ledgerEvent),
                LedgerEventFormat.Write(ledgerEvent),
                Writers.GetValueOrDefault(sequence, writer)));
        }

        return Tamper(rows);
    }

    /// <summary>The step of a checkpoint whose row stands twice.</summary>
    public long? Repeated { get; set; }

    public Dictionary<StoredPart, byte[]> Parts { get; } = [];

    public byte[]? Part(string persistenceId, StoredPart part) => Parts.GetValueOrDefault(part);

    public IEnumerable<CheckpointRow> Checkpoints(string persistenceId) =>
        !PersistenceIds.Contains(persistenceId) ? [] : Blobs.SelectMany(
            blob => Enumerable.Repeat(new CheckpointRow(blob.Key, blob.Value), blob.Key == Repeated ? 2 : 1));
}
