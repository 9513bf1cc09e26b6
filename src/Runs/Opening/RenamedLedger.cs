using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Runs.Opening;

/// <summary>
/// The rows of a run under another name. Each learner's first event and each checkpoint has the name in it: they are written
/// anew, and so are the commits, which have hashes of both. All other events stay as they are, with their writers and times.
/// </summary>
/// <param name="from">The run.</param>
/// <param name="to">What it is to be called; may be the same: then all rows stay as they are.</param>
internal sealed class RenamedLedger(RunId from, RunId to)
{
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>The checkpoints; before the events.</summary>
    public IReadOnlyList<SnapshotRow> Checkpoints(IReadOnlyList<SnapshotRow> rows) => [.. rows.Select(Renamed)];

    /// <summary>The events.</summary>
    /// <param name="rows">All of them, in order.</param>
    /// <param name="anchors">The numbers of the events that commits refer to.</param>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public IEnumerable<EventRow> Events(IEnumerable<EventRow> rows, IReadOnlySet<long> anchors)
    {
        var journal = default(Sha256Value);
        var sums = new Dictionary<long, string>();
        foreach (var row in rows)
        {
            var renamed = from == to ? row : Renamed(row, sums);
            journal = JournalHash.Next(journal, renamed.Manifest, renamed.Message);
            if (anchors.Contains(row.Sequence))
            {
                sums[row.Sequence] = journal.ToString();
            }

            yield return renamed;
        }
    }

    /// <summary>The numbers of the events that the commits of a ledger refer to.</summary>
    public static IReadOnlySet<long> Anchors(IRunRecords records, RunId run)
    {
        ArgumentNullException.ThrowIfNull(records);
        return records.NewestFirst(LedgerId.Of(run))
            .Select(row => LedgerEventFormat.Read(row.Message.Span, row.Manifest))
            .OfType<CheckpointCommitted>()
            .Where(commit => commit.Anchor is not null)
            .Select(commit => commit.Anchor!.Sequence)
            .ToHashSet();
    }

    private EventRow Renamed(EventRow row, Dictionary<long, string> sums)
    {
        // Of millions of events these few are read.
        if (!row.Manifest.StartsWith("epoch-", StringComparison.Ordinal)
            && !row.Manifest.StartsWith("checkpoint-", StringComparison.Ordinal))
        {
            return row;
        }

        var changed = LedgerEventFormat.Read(row.Message, row.Manifest) switch
        {
            EpochStarted epoch => epoch with { RunId = to },
            CheckpointCommitted commit => commit with
            {
                BlobSha256 = _hashes.GetValueOrDefault(commit.BlobSha256, commit.BlobSha256),
                Anchor = commit.Anchor is { } anchor
                    ? anchor with { JournalSha256 = sums.GetValueOrDefault(anchor.Sequence, anchor.JournalSha256) }
                    : null,
            },
            var other => other,
        };
        return row with { Message = LedgerEventFormat.Write(changed) };
    }

    private SnapshotRow Renamed(SnapshotRow row)
    {
        var id = row.Id[..^LedgerId.Of(from).Length] + LedgerId.Of(to);

        // One that is damaged does not count, or is found to be damaged under its new name too.
        if (from == to || CheckpointFormat.Damage(row.Content) is not null)
        {
            return row with { Id = id };
        }

        var content = CheckpointManifest.Is(row.Content)
            ? (CheckpointManifest.Read(row.Content) with { RunId = to }).Write()
            : CheckpointFormat.Write(CheckpointFormat.Read(row.Content) with { RunId = to });
        _hashes[CheckpointFormat.HashText(row.Content)] = CheckpointFormat.HashText(content);
        return row with { Id = id, Content = content };
    }
}
