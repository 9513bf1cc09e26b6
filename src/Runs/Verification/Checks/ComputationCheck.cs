using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>All epochs were computed with the same data and to the same numbers, and this program would do so too.</summary>
internal sealed class ComputationCheck(ExpectedRun expected) : RunCheck("computation")
{
    private readonly HashSet<(string, string, string)> _builds = [];
    private Computation? _last;
    private int _epochs;

    public override void Begin(LedgerStart start)
    {
        if (start.Computation is { } computation)
        {
            See(computation, new RecordedHistory());
        }
    }

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not EpochStarted { Computation: { } computation } epoch)
        {
            return;
        }

        _epochs++;
        _builds.Add((computation.Modules, computation.Runtime, computation.Vectors));
        if (ComputationRules.Refusal(_last, computation) is { } reason)
        {
            Findings.Add($"epoch {epoch.Epoch}: {reason}", sequence: entry.Sequence);
        }

        _last = computation;
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        if (ComputationRules.Refusal(_last, expected.Computation) is { } reason)
        {
            Findings.Add(reason);
        }

        var here = expected.Computation is null ? $"; this program was not compared: {expected.NotComputed}"
            : ComputationRules.Note(_last, expected.Computation) is not null ? "; this program is another build"
            : "";
        return ($"data and builds of {Counted.Of(_epochs, "epoch")} ({Counted.Of(_builds.Count, "build")}){here}", _epochs > 0);
    }
}
