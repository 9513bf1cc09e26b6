using Involute.Tasks.Randomness;

namespace Involute.Tasks.Unrolls;

/// <summary>A trajectory with the horizon that was fixed when it was drawn.</summary>
/// <param name="Key">Where its randomness comes from.</param>
/// <param name="Horizon">How many inner steps it trains, at least 1.</param>
public readonly record struct Trajectory(TrajectoryKey Key, int Horizon);

/// <summary>Consecutive inner steps of one pair under one perturbation and within one trajectory.</summary>
/// <param name="Pair">Index of the pair within its unroll, not its id.</param>
/// <param name="Key">The trajectory.</param>
/// <param name="FirstStep">Steps that the trajectory has behind it, from its true start.</param>
/// <param name="Steps">Steps to run, at least 1.</param>
/// <param name="LossTime">When in a step its loss is measured.</param>
/// <param name="LossOffset">Where its losses go: step s of arm a to <c>LossOffset + s · arms + a</c>.</param>
public readonly record struct Segment(
    int Pair, TrajectoryKey Key, int FirstStep, int Steps, LossTime LossTime, int LossOffset);

/// <summary>Raw loss of one inner step of one arm.</summary>
/// <param name="Loss">The loss, not normalised; meaningless when the arm has diverged.</param>
/// <param name="Diverged">The arm's loss was not finite at this step or earlier; the arm stays frozen until its
/// reset.</param>
public readonly record struct StepLoss(double Loss, bool Diverged);

/// <summary>A named part of a data set.</summary>
public enum DataSplit
{
    /// <summary>What the inner problem trains on.</summary>
    Train,

    /// <summary>Held out, for the inner problem's own use.</summary>
    InnerValid,

    /// <summary>Held out, for the meta-loss.</summary>
    OuterValid,

    /// <summary>Never seen in meta-training.</summary>
    Test,
}

/// <summary>When in an inner step its loss is measured.</summary>
/// <param name="AfterUpdate">False: before the update, on the training batch (the default of learned-optimizer
/// problems).</param>
/// <param name="Split">With <paramref name="AfterUpdate"/>: null for the same batch, else a second batch of that
/// split.</param>
/// <remarks>Problems given as an <see cref="IStepFunction{T}"/> define their own loss and ignore this.</remarks>
public readonly record struct LossTime(bool AfterUpdate, DataSplit? Split)
{
    /// <summary>Before the update, on the batch that the gradient is taken of.</summary>
    public static readonly LossTime BeforeUpdate = new(false, null);

    /// <summary>After the update, on the batch that it was computed from.</summary>
    public static readonly LossTime SameBatchAfterUpdate = new(true, null);

    /// <summary>After the update, on a fresh batch of a split.</summary>
    public static LossTime OnSplitAfterUpdate(DataSplit split) => new(true, split);
}

/// <summary>Names the batches of an evaluation.</summary>
/// <param name="Trajectory">The task sample that is measured, and the shuffling of its data.</param>
/// <param name="Split">Part of the data set.</param>
/// <param name="FirstBatch">First batch, counted through the shuffled split.</param>
/// <param name="Batches">Number of batches that the loss is averaged over, at least 1.</param>
public readonly record struct EvaluationKey(TrajectoryKey Trajectory, DataSplit Split, int FirstBatch, int Batches);
