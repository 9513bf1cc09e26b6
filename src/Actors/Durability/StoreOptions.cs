using Involute.Tasks.Components;

namespace Involute.Actors.Durability;

/// <summary>Options of where a run's ledger and checkpoints are.</summary>
[ComponentKind("store", "stores")]
public abstract record StoreOptions : ComponentOptions
{
    /// <summary>Whether it holds other runs too: a run's name may be taken there.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Makes the store of one run; opens nothing yet.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="runId">The run.</param>
    public abstract IRunStore Create(string runFolder, RunId runId);
}

/// <summary>Options of <see cref="SqliteRunStore"/>, which has none.</summary>
[Component("sqlite", "the file run.db in the run's folder; nothing to install")]
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override IRunStore Create(string runFolder, RunId runId) => new SqliteRunStore(runFolder, runId);
}
