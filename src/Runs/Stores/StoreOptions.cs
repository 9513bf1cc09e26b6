using Involute.Tasks.Components;

namespace Involute.Runs.Stores;

/// <summary>Options of where a run's ledger and checkpoints are.</summary>
[ComponentKind("store", "stores")]
public abstract record StoreOptions : ComponentOptions
{
    /// <summary>Whether it holds other runs too: a run's name may be taken there.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Bytes of the largest checkpoint that it takes.</summary>
    public virtual long MostCheckpointBytes => 1_000_000_000;

    /// <summary>Makes the store of one run; opens nothing yet.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="runId">The run.</param>
    public abstract IRunStore Create(string runFolder, RunId runId);
}
