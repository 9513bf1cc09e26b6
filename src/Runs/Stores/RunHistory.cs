using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;

namespace Involute.Runs.Stores;

/// <summary>What a run's database says, read at one moment.</summary>
/// <param name="RunId">The run, as the ledger names it.</param>
/// <param name="Checkpoint">The newest good checkpoint; null if there is none.</param>
/// <param name="Warnings">What is damaged, one line each.</param>
/// <param name="LastThetaSha256">Hash of theta after the last step; null if there was no step.</param>
/// <param name="MeanLosses">Mean meta-loss of each step: index 0 is step 1.</param>
/// <param name="Epochs">The learners that have written the run.</param>
/// <param name="SettingChanges">Settings changed on resume.</param>
/// <param name="CheckpointSteps">Steps whose checkpoints are in the database, ascending, damaged ones included.</param>
public sealed record RunHistory(
    RunId RunId,
    Checkpoint? Checkpoint,
    IReadOnlyList<string> Warnings,
    string? LastThetaSha256,
    IReadOnlyList<double> MeanLosses,
    IReadOnlyList<EpochStarted> Epochs,
    IReadOnlyList<SettingChanged> SettingChanges,
    IReadOnlyList<long> CheckpointSteps)
{
    /// <summary>What computed in the newest epoch that says so; null if none does.</summary>
    public Computation? Computation => Epochs.LastOrDefault(epoch => epoch.Computation is not null)?.Computation;

    /// <summary>The last outer step in the ledger; 0 if there was none.</summary>
    public long LastStep => MeanLosses.Count;

    /// <summary>Mean meta-loss of the last step; NaN if there was none.</summary>
    public double LastMeanLoss => MeanLosses.Count > 0 ? MeanLosses[^1] : double.NaN;
}
