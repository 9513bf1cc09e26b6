using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>What a learner does with the store of its run before it writes to it for the first time.</summary>
internal sealed record LedgerStart
{
    /// <summary>Says what is wrong with the store, in one line, or null; null if it has been read already.</summary>
    public Func<string?>? Problem { get; init; }

    /// <summary>
    /// The step of an older checkpoint to go on from, 0 for the start of the run: newer ones are set aside. Null to go on
    /// from the newest.
    /// </summary>
    public long? At { get; init; }

    /// <summary>Does it.</summary>
    /// <exception cref="InvalidDataException">Something is wrong with the store.</exception>
    /// <exception cref="IOException">The store cannot be used now.</exception>
    public void Prepare(IRunStore store)
    {
        if (Problem?.Invoke() is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        if (At is { } step)
        {
            store.SetCheckpointsAside(step);
        }
    }
}
