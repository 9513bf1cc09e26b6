using Involute.Tasks.Components;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Plans;

/// <summary>How the losses of a window's steps become one number.</summary>
public enum WindowLoss
{
    /// <summary>Mean over the window's training steps.</summary>
    [Word("the mean over the window's steps")]
    Mean,

    /// <summary>Sum over the window's training steps.</summary>
    [Word("the sum over them, which makes the gradient proportional to the window's length")]
    Sum,

    /// <summary>
    /// Loss of the window's last step; for horizons that are multiples of the window, aligned with it.
    /// </summary>
    [Word("the loss of the last step; every trajectory must end with a window")]
    Last,
}

/// <summary>How much a step counts.</summary>
public enum Normalisation
{
    /// <summary>Each step counts the same, so a long trajectory counts more than a short one: E[Σ ℓ] / E[H].</summary>
    [Word("each step counts the same, so long trajectories count more than short ones")]
    WindowMean,

    /// <summary>
    /// A step counts E[H] / H, so every trajectory counts the same: E[(1/H) Σ ℓ]. A window that is a whole trajectory
    /// (full-es) counts so anyhow, unless its losses are summed.
    /// </summary>
    [Word("each trajectory counts the same, which is what full-es optimises anyhow")]
    TrajectoryMean,
}

/// <summary>What happens between two trajectories.</summary>
public enum ResetContract
{
    /// <summary>The next step already trains the new trajectory; a horizon of H is exactly H training steps.</summary>
    [Word("the next step already trains the new trajectory")]
    Exact,

    /// <summary>
    /// As the reference system does: one step is spent on the reset (loss 0, not counted), and the last training loss
    /// of a trajectory is credited to the current perturbation alone. For conformance tests.
    /// </summary>
    [Word("one step is spent on the reset, as in google/learned_optimization; for comparing numbers")]
    Upstream,
}

/// <summary>What a non-finite inner loss does.</summary>
public enum DivergencePolicy
{
    /// <summary>The arm is frozen and reports the ceiling loss until its trajectory ends. Unbiased.</summary>
    [Word("that arm reports the largest loss until its trajectory ends; unbiased")]
    Ceiling,

    /// <summary>
    /// The pair contributes nothing to this outer step and is reset. Biased: it hides what theta did.
    /// </summary>
    [Word("the pair contributes nothing; biased, it hides what theta did")]
    Skip,

    /// <summary>The run stops.</summary>
    [Word("the run stops with exit code 76")]
    Fail,
}

/// <summary>How pairs cut their trajectories into windows and weigh the losses.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Window">Length of a window in inner steps, at least 1.</param>
/// <param name="InitialOffset">
/// The first trajectory's step counter starts uniformly in [0, this), so that pairs stand at different inner steps from
/// the start; 0 starts all at 0, <see cref="Involute.Tasks.Schedules.StationaryStart.Offset"/> where they stand after a
/// long time.
/// </param>
/// <param name="WindowLoss">How the losses of a window become one number.</param>
/// <param name="Normalisation">How much a step counts.</param>
/// <param name="Reset">What happens between two trajectories.</param>
/// <param name="Divergence">What a non-finite inner loss does.</param>
/// <param name="LossTime">When in a step its loss is measured.</param>
public sealed record WindowSettings(
    long Seed,
    int Window,
    int InitialOffset = 0,
    WindowLoss WindowLoss = WindowLoss.Mean,
    Normalisation Normalisation = Normalisation.WindowMean,
    ResetContract Reset = ResetContract.Exact,
    DivergencePolicy Divergence = DivergencePolicy.Ceiling,
    LossTime LossTime = default);
