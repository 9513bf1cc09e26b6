using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Actors.Ledger;

/// <summary>
/// What a learner does about the ledger of its run besides writing it: judges it before the first write, marks it in the
/// run's folder, and looks whether what was committed is really there.
/// </summary>
internal sealed class LedgerGuard
{
    private string? _ledger;
    private bool _hasWarned;

    /// <summary>Says what is wrong with the store, in one line, or null; null if it has been read already.</summary>
    public Func<string?>? Problem { get; init; }

    /// <summary>
    /// The step of an older checkpoint to go on from, 0 for the start of the run: newer ones are set aside. Null to go on
    /// from the newest, and as soon as the ledger is marked: what is saved from then on counts.
    /// </summary>
    public long? At
    {
        get => _ledger is null ? field : null;
        init;
    }

    /// <summary>Where the run's ledger is marked; null for nowhere.</summary>
    public RunFolder? Folder { get; init; }

    /// <summary>Before the first write.</summary>
    /// <exception cref="InvalidDataException">Something is wrong with the store.</exception>
    /// <exception cref="IOException">The store cannot be used now.</exception>
    public void Prepare(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (Problem?.Invoke() is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        if (At is { } step)
        {
            store.SetCheckpointsAside(step);
        }
    }

    /// <summary>Where a writer of the ledger begins to read it; null for its beginning.</summary>
    /// <exception cref="InvalidDataException">The store is damaged.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public LedgerStart? StartOf(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);

        // From an older checkpoint all that was recomputed since may be compared: then the whole ledger counts.
        return At is not null ? null : store.ReadRecords(
            records => new[] { LedgerStart.Find(records, LedgerId.Of(store.RunId)) })[0];
    }

    /// <summary>The ledger is begun, or has a checkpoint: marks it. A mark that cannot be written ends nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="checkpointStep">The step of the newest checkpoint; 0 if none.</param>
    /// <param name="warn">Is told once if the mark cannot be written.</param>
    public void Mark(IRunStore store, long checkpointStep, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            _ledger ??= store.FirstWriter();
            Folder?.WriteLedgerMark(new LedgerMark(_ledger, checkpointStep));
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException)
        {
            if (!_hasWarned)
            {
                _hasWarned = true;
                warn($"which ledger the run has cannot be written down: {cause.Message}");
            }
        }
    }

    /// <summary>The writer has failed: looks whether its database is gone, which no waiting mends.</summary>
    /// <returns>That it is gone; else what the writer has told.</returns>
    public StoreFault Explain(IRunStore store, StoreFault told)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_ledger is null)
        {
            return told;
        }

        try
        {
            return store.FirstWriter() == _ledger ? told : Lost(store, "the ledger");
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException)
        {
            return told;
        }
    }

    /// <summary>A checkpoint is committed, by the writer's own connection.</summary>
    /// <returns>Why it is not really there; null if it is.</returns>
    public static StoreFault? Committed(IRunStore store, long step)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            return store.HasCheckpoint(step) ? null : Lost(store, $"the checkpoint of step {step}");
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return StoreFault.Of(cause);
        }
    }

    private static StoreFault Lost(IRunStore store, string what) => new(
        StoreFaultKind.Lost,
        $"{store.Place}: {what} was written and is not there: the database was moved or replaced; put it back, and 'involute "
            + "resume' goes on");
}
