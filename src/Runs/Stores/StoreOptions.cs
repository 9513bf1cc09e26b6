using Involute.Tasks.Components;

namespace Involute.Runs.Stores;

/// <summary>Options of where a run's ledger and checkpoints are.</summary>
[ComponentKind("store", "stores")]
public abstract record StoreOptions : ComponentOptions
{
    /// <summary>Whether it holds other runs too: a run's name may be taken there.</summary>
    public abstract bool IsShared { get; }

    /// <summary>
    /// Bytes of the largest value that is given to any store: SQLite's limit for a row, less what stands beside it.
    /// PostgreSQL's, of a message, is 7 % higher; what is longer it does not refuse: it hangs up, which looks like a network
    /// that fails.
    /// </summary>
    internal const long LargestValue = 1_000_000_000 - 1000;

    /// <summary>Bytes of the largest checkpoint that it takes, at most 999,999,000.</summary>
    public virtual long MostCheckpointBytes => LargestValue;

    /// <summary>Makes the store of one run; opens nothing yet.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="runId">The run.</param>
    public abstract IRunStore Create(string runFolder, RunId runId);
}
