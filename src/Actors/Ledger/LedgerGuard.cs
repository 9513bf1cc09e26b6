using Involute.Actors.Protocol;
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
    private long _counted;
    private long _countedInFull;

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

    /// <summary>
    /// The ledger's epoch when this learner claimed the run; null if that is not known. Only that ledger may be gone on
    /// with: a learner that was frozen after that must not add to what another has done meanwhile.
    /// </summary>
    public Func<long?>? ClaimedEpoch { get; init; }

    /// <summary>Where the run's ledger is marked; null for nowhere.</summary>
    public RunFolder? Folder { get; init; }

    /// <summary>Whether another learner has written the ledger since this one claimed the run, of an epoch.</summary>
    /// <param name="epoch">The ledger's epoch, before this learner's.</param>
    /// <param name="begun">How many this learner may have begun, by writes that it has not heard of.</param>
    public bool IsOvertaken(long epoch, int begun) =>
        _ledger is null && ClaimedEpoch?.Invoke() is { } claimed && IsOvertaken(epoch, claimed, begun);

    /// <summary>Whether an epoch is neither one that was known nor one of those that may have been begun since.</summary>
    public static bool IsOvertaken(long epoch, long known, int begun) => epoch < known || epoch > known + begun;

    /// <summary>Before a writer is started.</summary>
    /// <param name="store">The store.</param>
    /// <param name="isFirst">Whether it is the learner's first.</param>
    /// <exception cref="InvalidDataException">Something is wrong with the store.</exception>
    /// <exception cref="IOException">The store cannot be used now.</exception>
    public void Prepare(IRunStore store, bool isFirst)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!isFirst)
        {
            store.Relieve();
            return;
        }

        store.Prepare();
        if (Problem?.Invoke() is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        // The writer judges a ledger that has gone on; until then nothing is changed.
        if (At is { } step && !IsOvertaken(store.LastEpoch(), begun: 0))
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

    /// <summary>
    /// A checkpoint is committed, by the writer's own connections: looks through another one whether it is there, with
    /// everything before it.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="saved">What the writer has acknowledged.</param>
    /// <param name="isAll">Whether the store has been given nothing else: the run may be at its end.</param>
    /// <returns>Why it is not really there, or why the run should wait; null if neither.</returns>
    public StoreFault? Committed(IRunStore store, LedgerProtocol.CheckpointSaved saved, bool isAll)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(saved);

        // All of a long ledger now and then, and in the end; else what has come since.
        var isFull = isAll || saved.Event >= _countedInFull + (_countedInFull / 4);
        var after = isFull ? 0 : _counted;
        try
        {
            var (isThere, count) = store.ReadRecords(records => Tuple.Create(
                records.HasCheckpoint(LedgerId.Of(store.RunId), saved.Step),
                records.CountEvents(LedgerId.Of(store.RunId), after, saved.Event)));
            if (!isThere)
            {
                return Lost(store, $"the checkpoint of step {saved.Step}");
            }

            if (count != saved.Event - after)
            {
                return store.LastEvent() < saved.Event
                    ? Lost(store, $"event {saved.Event} of the ledger")
                    : new StoreFault(
                        StoreFaultKind.Damaged,
                        $"{store.Place}: {saved.Event - after - count} of the events {after + 1} to {saved.Event} of the ledger "
                            + "are gone: somebody deletes from its table journal; 'involute verify' names them");
            }

            store.Relieve();
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return StoreFault.Of(cause);
        }

        _counted = saved.Event;
        _countedInFull = isFull ? saved.Event : _countedInFull;
        return null;
    }

    /// <summary>Deletes the checkpoints that one supersedes; what cannot be deleted now goes with the next.</summary>
    public static void Drop(IRunStore store, LedgerProtocol.CheckpointSaved saved, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(warn);
        try
        {
            store.DropCheckpoints(saved.Superseded ?? 0, saved.Step, saved.Event);
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            warn($"old checkpoints are not deleted for now: {cause.Message}");
        }
    }

    private static StoreFault Lost(IRunStore store, string what) => new(
        StoreFaultKind.Lost,
        $"{store.Place}: {what} was written and is not there: the database was moved or replaced; put it back, and 'involute "
            + "resume' goes on; if it cannot be put back, 'involute resume' goes on or says how");
}
