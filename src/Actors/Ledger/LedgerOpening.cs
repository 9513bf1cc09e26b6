using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Actors.Ledger;

/// <summary>What a writer of a ledger goes by when it opens it: whose it is, and what must be there.</summary>
internal sealed record LedgerOpening
{
    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>Where the parts of its checkpoints are.</summary>
    public required StoreConnection Store { get; init; }

    /// <summary>Hash of the settings that decide theta.</summary>
    public required string Identity { get; init; }

    /// <summary>What computes, for the ledger; null to leave it out.</summary>
    public Computation? Computation { get; init; }

    /// <summary>The step of the checkpoint to go on from, if it is not the newest.</summary>
    public long? At { get; init; }

    /// <summary>Where the ledger is read from; null for its beginning.</summary>
    public LedgerStart? Start { get; init; }

    /// <summary>What the learner has been told is on disk; null before its epoch.</summary>
    public AcknowledgedEvents? Acknowledged { get; init; }

    /// <summary>
    /// Whether an epoch shows that another learner has gone on with the run since this one claimed it: asked before this
    /// learner's own.
    /// </summary>
    public Func<long, bool> IsOvertaken { get; init; } = _ => false;

    /// <summary>Why the ledger may not be written; null if it may.</summary>
    /// <param name="ledger">What is in it.</param>
    public StoreFault? Refusal(LedgerState ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return Acknowledged?.LostBy(ledger, RunId) is { } lost ? new StoreFault(StoreFaultKind.Lost, lost)
            : Acknowledged is null && IsOvertaken(ledger.Epoch)
                ? new StoreFault(
                    StoreFaultKind.Held,
                    $"run '{RunId}': another learner has gone on with it since this one claimed it (epoch {ledger.Epoch})")
            : StoreFault.Refusing(ledger, Acknowledged?.Epoch, Identity, Computation);
    }
}
