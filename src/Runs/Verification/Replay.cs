using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Verification;

/// <summary>
/// Recomputes a run from its checkpoints, each to the next and the last to the end of the ledger, and compares theta,
/// contributions and mean loss of every step with the ledger, and each checkpoint that it reaches with its own.
/// </summary>
/// <param name="plan">Everything that decides theta.</param>
/// <param name="threads">Blocks of pairs that are computed side by side, at least 1; no number depends on it.</param>
public sealed class Replay(TrainingPlan<float> plan, int threads)
{
    private const string Name = "replay";

    /// <summary>The result where no replay was asked for.</summary>
    public static CheckResult NotAskedFor => new(Name, "not asked for", CheckVerdict.NotChecked, 0, []);

    /// <summary>Begin at step 0 also where there are checkpoints.</summary>
    public bool FromStart { get; init; }

    /// <summary>Steps to recompute from each starting point.</summary>
    public long MostSteps { get; init; } = long.MaxValue;

    /// <summary>The meta-optimizer of each outer step, where settings have changed; null for the plan's.</summary>
    public Func<long, IMetaOptimizer<float>>? Optimizers { get; init; }

    /// <summary>Hears of the starting points, and of each step that has been recomputed.</summary>
    public Action<ReplayProgress>? Progress { get; init; }

    /// <summary>Recomputes.</summary>
    public CheckResult Run(VerifiedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.IsContiguous)
        {
            return new CheckResult(
                Name, "not possible: the ledger's steps are not contiguous", CheckVerdict.NotChecked, 0, []);
        }

        var findings = new Findings();
        var starts = Starts(run);
        var steps = 0L;
        var compared = 0;
        for (var i = 0; i < starts.Count; i++)
        {
            using var stretch = new ReplayedStretch(run, findings, new Recomputation(plan, threads, Optimizers));
            var next = i + 1 < starts.Count ? starts[i + 1] : null;
            steps += Recompute(stretch, starts[i], next, run.LastStep);
            compared += stretch.CheckpointsCompared;
        }

        var from = string.Join(", ", starts.Select(start => start?.Step ?? 0));
        return findings.Result(
            Name,
            $"{Counted.Of(steps, "step")} recomputed from step{(starts.Count == 1 ? "" : "s")} {from}, "
                + $"{Counted.Of(compared, "checkpoint")} compared",
            run.LastStep > 0);
    }

    private List<Checkpoint?> Starts(VerifiedRun run)
    {
        var starts = new List<Checkpoint?>(run.GoodCheckpoints);

        // A fork does not begin with the theta that its settings give: the checkpoint that it began with is among these, or
        // has been superseded.
        if (run.History.Fork is null && (FromStart || starts.Count == 0))
        {
            starts.Insert(0, null);
        }

        return starts;
    }

    private long Recompute(ReplayedStretch stretch, Checkpoint? from, Checkpoint? next, long lastStep)
    {
        var first = from?.Step ?? 0;
        var end = Math.Min(
            next?.Step ?? lastStep, first > long.MaxValue - MostSteps ? long.MaxValue : first + MostSteps);
        if (!stretch.Begin(from))
        {
            return 0;
        }

        for (var step = first + 1; step <= end; step++)
        {
            Progress?.Invoke(new ReplayProgress(first, step, end));
            if (!stretch.Advance())
            {
                return step - first;
            }
        }

        if (next is not null && end == next.Step)
        {
            stretch.Compare(next);
        }

        return end - first;
    }
}

/// <summary>How far a replay is.</summary>
/// <param name="From">The step that it began after: 0 or a checkpoint's.</param>
/// <param name="Step">The step that is about to be recomputed.</param>
/// <param name="To">The last step to come from this start.</param>
public readonly record struct ReplayProgress(long From, long Step, long To);
