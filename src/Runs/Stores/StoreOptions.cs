using Involute.Tasks.Components;

namespace Involute.Runs.Stores;

/// <summary>Options of where a run's ledger and checkpoints are.</summary>
[ComponentKind("store", "stores")]
public abstract record StoreOptions : ComponentOptions
{
    /// <summary>Whether it holds other runs too: a run's name may be taken there.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Where runs are kept, in a few words and without secrets.</summary>
    public virtual string Where() => IsShared ? "shared store" : "folder";

    /// <summary>The runs that a store which holds several has anything of, by name; empty of any other.</summary>
    /// <exception cref="StoreUnreachableException">It does not answer.</exception>
    public virtual IReadOnlyList<RunId> ListRuns() => [];

    /// <summary>Makes the store of one run; opens nothing yet.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="runId">The run.</param>
    public abstract IRunStore Create(string runFolder, RunId runId);
}
