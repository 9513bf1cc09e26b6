using Involute.Estimators;
using Involute.Runs;

namespace Involute.Actors.Learning;

/// <summary>What the learner decides by.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Plan">Everything that decides theta.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta: nodes and checkpoints must have the
/// same.</param>
/// <param name="OuterSteps">Outer steps until the run is finished, counted from its very start.</param>
/// <param name="CheckpointInterval">Outer steps between checkpoints, at least 1.</param>
public sealed record LearnerSettings(
    RunId RunId, TrainingPlan<float> Plan, string IdentitySha256, long OuterSteps, int CheckpointInterval)
{
    /// <summary>Whether to go on from what the store holds; otherwise the store must be new.</summary>
    public bool Resume { get; init; }

    /// <summary>Settings that a resume has changed.</summary>
    public IReadOnlyList<(string Key, string From, string To)> SettingChanges { get; init; } = [];

    /// <summary>Steps that may be ahead of the store before the run pauses.</summary>
    public int MaxUnsavedSteps { get; init; } = 256;

    /// <summary>Bytes of past thetas that are kept for replays; at this many, a checkpoint is cut early.</summary>
    public long MaxReplayBytes { get; init; } = 256L << 20;

    /// <summary>How often a block may be placed anew within one outer step before the run fails.</summary>
    public int MaxRestarts { get; init; } = 3;

    /// <summary>The effective settings as text, for workers; empty in one process.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>Hash of what the inner problem computes: nodes must have the same. Empty in one process.</summary>
    public string ProblemSha256 { get; init; } = "";

    /// <summary>How long a step may last before those who keep it waiting are reminded; null in one process.</summary>
    public TimeSpan? ReminderInterval { get; init; }

    /// <summary>Whether a run without nodes waits for one. In one process there will be no other.</summary>
    public bool WaitsForNodes { get; init; }
}
