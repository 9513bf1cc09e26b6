using Involute.Runs.Ledger;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification.Checks;

/// <summary>Every step used every configured pair; every checkpoint has the state of every block of them.</summary>
internal sealed class PairsCheck(ExpectedRun expected) : RunCheck("pairs")
{
    private long _steps;
    private int _checkpoints;

    public override void See(JournalEntry entry, RecordedHistory before)
    {
        if (entry.Event is not StepRecorded step)
        {
            return;
        }

        _steps++;
        if (step.Pairs != expected.Pairs)
        {
            Findings.Add(
                $"step {step.Step} at sequence {entry.Sequence} used {step.Pairs} pairs of {expected.Pairs}",
                step.Step,
                entry.Sequence);
        }
    }

    public override void See(CheckpointEntry entry, RecordedHistory ledger)
    {
        if (entry.Checkpoint is not { } checkpoint)
        {
            return;
        }

        _checkpoints++;
        if (!checkpoint.Pairs.Select(pair => pair.Block).SequenceEqual(expected.Blocks))
        {
            Findings.Add(
                $"the checkpoint of step {entry.Step} has {Counted.Of(checkpoint.Pairs.Count, "block")} of "
                    + $"{Counted.Of(checkpoint.Pairs.Sum(pair => (long)pair.Block.Count), "pair")}, not the configured "
                    + $"{expected.Blocks.Count} of {expected.Pairs}",
                entry.Step);
        }
    }

    protected override (string LookedAt, bool HasLooked) Conclude(RecordedHistory ledger) => (
        $"{Counted.Of(expected.Pairs, "pair")} in {Counted.Of(_steps, "step")} and {Counted.Of(_checkpoints, "checkpoint")}",
        _steps + _checkpoints > 0);
}
