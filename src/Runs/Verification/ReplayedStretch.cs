using Involute.Runs.Checkpoints;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>One stretch of a replay: from one starting point forward, held against what is recorded.</summary>
internal sealed class ReplayedStretch(VerifiedRun run, Findings findings, Recomputation recomputed) : IDisposable
{
    private string _from = "the start";

    /// <summary>Checkpoints that were held against what was recomputed.</summary>
    public int CheckpointsCompared { get; private set; }

    /// <summary>Loads the starting point; false if that is not possible.</summary>
    public bool Begin(Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            return true;
        }

        _from = $"the checkpoint of step {checkpoint.Step}";
        try
        {
            recomputed.Load(checkpoint, run.LoadStates);
            return true;
        }
        catch (InvalidDataException misfit)
        {
            findings.Add($"{_from} does not fit the configuration: {misfit.Message}", checkpoint.Step);
            return false;
        }
    }

    /// <summary>Recomputes one step; false if there is no point in going on.</summary>
    public bool Advance()
    {
        var step = recomputed.Advance();
        var recorded = run.Steps.Find(step.Step)!;
        Compare(step.Step, recorded, "contributions", step.ContributionsSha256, recorded.ContributionsSha256);
        Compare(step.Step, recorded, "theta", step.ThetaSha256, recorded.ThetaSha256);
        if (!step.MeanLoss.Equals(recorded.MeanLoss))
        {
            Compare(step.Step, recorded, "mean loss", Number(step.MeanLoss), Number(recorded.MeanLoss));
        }

        // From another theta on, everything differs.
        return step.ThetaSha256 == recorded.ThetaSha256;
    }

    /// <summary>Holds a checkpoint's state against what has been recomputed up to its step.</summary>
    public void Compare(Checkpoint checkpoint)
    {
        CheckpointsCompared++;
        foreach (var (recorded, ours) in checkpoint.LoadedPairs(run.LoadStates).Zip(recomputed.Save()))
        {
            if (!recorded.State.Span.SequenceEqual(ours.State.Span))
            {
                Differs(checkpoint, $"the state of {ours.Block}");
            }
        }

        if (!checkpoint.State.MetaOptimizer.Span.SequenceEqual(recomputed.State.MetaOptimizer.Span))
        {
            Differs(checkpoint, "the meta-optimizer's memory");
        }

        if (checkpoint.InnerSteps is { } steps && steps != recomputed.State.InnerSteps)
        {
            Differs(checkpoint, "the number of inner steps");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => recomputed.Dispose();

    private void Differs(Checkpoint checkpoint, string what) => findings.Add(
        $"{what} in the checkpoint of step {checkpoint.Step} is not what recomputing from {_from} gives",
        checkpoint.Step);

    private void Compare(long step, RecordedStep recorded, string what, string ours, string theirs)
    {
        if (ours != theirs)
        {
            findings.Add(
                $"step {step}: recomputed from {_from}, {what}: {ours}, the ledger has {theirs} "
                    + $"(sequence {recorded.Sequence})",
                step,
                recorded.Sequence);
        }
    }

    private static string Number(double value) => FormattableString.Invariant($"{value:R}");
}
