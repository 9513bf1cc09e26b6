using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>A fork says first where it comes from, and the run that it names has that step, theta and chain.</summary>
/// <param name="parent">Asks that run; null to leave it out.</param>
internal sealed class OriginCheck(Func<RunForked, ParentStep>? parent) : RunCheck("origin")
{
    private RunForked? _fork;

    /// <summary>Whether the ledger says anything of a fork.</summary>
    public bool IsFork { get; private set; }

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not RunForked fork)
        {
            return;
        }

        IsFork = true;
        if (entry.Sequence == 2)
        {
            _fork = fork;
        }
        else
        {
            Findings.Add(
                $"sequence {entry.Sequence} says that the run comes from step {fork.Step} of run {fork.Parent}, and does not "
                    + "stand at its beginning",
                fork.Step,
                entry.Sequence);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger)
    {
        if (_fork is not { } fork)
        {
            return ("not a fork", false);
        }

        var place = $"step {fork.Step} of run {fork.Parent}";
        if (parent?.Invoke(fork) is not { } asked)
        {
            return (place, false);
        }

        if (asked.IsThere)
        {
            Compare(fork, asked.Record);
        }

        return ($"{place}; {asked.Where}", asked.IsThere);
    }

    private void Compare(RunForked fork, StepRecorded? record)
    {
        if (record is null)
        {
            Findings.Add($"run {fork.Parent} has no step {fork.Step}, which the run comes from", fork.Step, 2);
        }
        else if (record.ThetaSha256 != fork.ThetaSha256)
        {
            Findings.Add(
                $"the run comes from theta {fork.ThetaSha256}, and step {fork.Step} of run {fork.Parent} has "
                    + record.ThetaSha256,
                fork.Step,
                2);
        }
        else if (record.ChainSha256 != fork.ChainSha256)
        {
            Findings.Add(
                $"step {fork.Step} of run {fork.Parent} has the same theta and another chain behind it", fork.Step, 2);
        }
    }
}
