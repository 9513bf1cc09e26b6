using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>
/// Every stored checkpoint is whole, is the one that was committed, and holds the ledger's theta; the two that were
/// committed newest are there.
/// </summary>
/// <remarks>
/// A checkpoint without a commit is no violation: a crash may come between its row and the fact that it is committed.
/// </remarks>
internal sealed class CheckpointCheck() : RunCheck(CheckName)
{
    public const string CheckName = "checkpoints";

    private readonly SortedSet<long> _rows = [];
    private readonly List<Checkpoint> _good = [];

    /// <summary>Those that can be gone on from, by step: whole, and with the theta of a step in the ledger.</summary>
    public IReadOnlyList<Checkpoint> Good => _good;

    /// <summary>Whether the one that was seen last can be gone on from.</summary>
    public bool IsGood { get; private set; }

    public override void See(CheckpointEntry entry, RecordedHistory ledger)
    {
        // A page of the database that is damaged may hold one more than its index knows.
        var problem = _rows.Add(entry.Step) ? Problem(entry, ledger) : "it has two rows";
        IsGood = problem is null && ledger.Steps.Find(entry.Step) is not null;
        if (problem is not null)
        {
            Findings.Add($"the checkpoint of step {entry.Step}: {problem}", entry.Step);
        }
        else if (IsGood)
        {
            _good.Add(entry.Checkpoint!);
        }
    }

    private static string? Problem(CheckpointEntry entry, RecordedHistory ledger)
    {
        if (entry.Checkpoint is not { } checkpoint)
        {
            return entry.Damage;
        }

        if (checkpoint.Step != entry.Step)
        {
            return $"it is of step {checkpoint.Step}";
        }

        if (ledger.Commits.TryGetValue(entry.Step, out var commit) && commit.BlobSha256 != entry.BlobSha256)
        {
            return $"its SHA-256 is {entry.BlobSha256}, and {commit.BlobSha256} was committed at sequence "
                + $"{commit.Sequence}";
        }

        if (ledger.Steps.Find(entry.Step) is not { } recorded)
        {
            return null;
        }

        var theta = checkpoint.State.Theta.HashText();
        return theta != recorded.ThetaSha256
                ? $"its theta is {theta}, the ledger has {recorded.ThetaSha256} (sequence {recorded.Sequence})"
            : !checkpoint.MeanLoss.Equals(recorded.MeanLoss)
                ? FormattableString.Invariant(
                    $"its mean loss is {checkpoint.MeanLoss:R}, the ledger has {recorded.MeanLoss:R} (sequence {recorded.Sequence})")
            : null;
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        foreach (var (step, commit) in ledger.Commits.Reverse().Take(LedgerState.KeptCheckpoints).Reverse())
        {
            if (!_rows.Contains(step))
            {
                Findings.Add(
                    $"the checkpoint of step {step}, committed at sequence {commit.Sequence}, is missing",
                    step,
                    commit.Sequence);
            }
        }

        var uncommitted = _rows.Count(step => !ledger.Commits.ContainsKey(step));
        var steps = $"step{(_rows.Count == 1 ? "" : "s")} {string.Join(", ", _rows)}";
        return (
            _rows.Count == 0 ? "no checkpoints"
                : $"{Counted.Of(_rows.Count, "checkpoint")} ({steps}){(uncommitted > 0 ? $", {uncommitted} not committed" : "")}",
            _rows.Count + ledger.Commits.Count > 0);
    }
}
