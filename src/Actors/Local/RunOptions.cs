using Involute.Actors.Learning;
using Involute.Estimators;
using Involute.Runs;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;

namespace Involute.Actors.Local;

/// <summary>What a process needs to know of the run that it leads.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="RunFolder">Its folder; exists, and its lock is held by the caller.</param>
/// <param name="Plan">Everything that decides theta.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
/// <param name="OuterSteps">Outer steps until the run is finished, counted from its very start.</param>
/// <param name="CheckpointInterval">Outer steps between checkpoints, at least 1.</param>
/// <param name="Threads">Compute threads, at least 1.</param>
/// <param name="Resume">Whether to recover; otherwise the run folder holds no database yet.</param>
/// <param name="SettingChanges">Settings that a resume has changed: key, from, to.</param>
/// <param name="MaxPairRestarts">How often one block may be restarted within one outer step before the run
/// fails.</param>
/// <param name="AkkaHocon">The user's own akka settings, or empty.</param>
public sealed record RunOptions(
    RunId RunId,
    string RunFolder,
    TrainingPlan<float> Plan,
    string IdentitySha256,
    long OuterSteps,
    int CheckpointInterval,
    int Threads,
    bool Resume,
    IReadOnlyList<(string Key, string From, string To)> SettingChanges,
    int MaxPairRestarts,
    string AkkaHocon)
{
    /// <summary>Where ledger and checkpoints are: the database in the run's folder, unless another store is given.</summary>
    public IRunStore Store { get; init; } = new SqliteRunStore(RunFolder, RunId);

    /// <summary>What the learner of this run decides by.</summary>
    public LearnerSettings ToLearnerSettings() => new(RunId, Plan, IdentitySha256, OuterSteps, CheckpointInterval)
    {
        Resume = Resume,
        SettingChanges = SettingChanges,
        MaxRestarts = MaxPairRestarts,
    };
}
