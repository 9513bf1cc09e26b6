using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Involute.Actors.Protocol;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <summary>
/// The persistent actor of a run. It stops at the first failure of the store; <see cref="LedgerActor"/> starts another.
/// </summary>
/// <remarks>
/// <code>
/// replay ledger ─► look for a checkpoint ─► persist EpochStarted ─► Opened, then commands
///        └────────── (a later writer of the same learner) ────────────┘
/// </code>
/// Steps are written several at a time, without waiting for those before. Checkpoints are saved one at a time, each
/// after its step is in the ledger: the parts of a large one, then its row, then the fact that it is committed, then older
/// ones are deleted.
/// </remarks>
internal sealed class LedgerWriter : UntypedPersistentActor, IWithTimers
{
    private const int MostGathered = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly LedgerOpening _opening;
    private readonly LedgerState _state;
    private readonly CheckpointStore _checkpoints;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<StepRecorded> _gathered = [];
    private long _savedStep;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public LedgerWriter(LedgerOpening opening)
    {
        _opening = opening;
        _state = opening.Start?.State() ?? new LedgerState();
        JournalPluginId = PersistenceHocon.JournalId;
        SnapshotPluginId = PersistenceHocon.StartId;
        _checkpoints = new CheckpointStore(Context, opening, PersistenceId);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override string PersistenceId => LedgerId.Of(_opening.RunId);

    // Checkpoints stand at sequence = outer step, not ledger sequence: Akka must not take one for a state of this
    // actor, and gets the place from which it reads events from a store of its own.
    /// <inheritdoc/>
    public override Recovery Recovery => new(
        _opening.Start is { } start ? LedgerStartStore.At(start.Anchor.Sequence) : SnapshotSelectionCriteria.None);

    public static Props CreateProps(LedgerOpening opening) => Props.Create(() => new LedgerWriter(opening));

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ILedgerEvent ledgerEvent:
                _state.Apply(ledgerEvent);
                break;
            case SnapshotOffer:
                // The state is there already.
                break;
            case RecoveryCompleted:
                _savedStep = _state.LastStep;
                Open();
                break;
            default:
                throw new InvalidDataException($"ledger: {message.GetType().Name} is not a ledger event");
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case LedgerProtocol.RecordStep step:
                Record(step.Facts);
                break;
            case WriteSteps:
                WriteGathered();
                break;
            case LedgerProtocol.SaveCheckpoint save:
                WriteGathered();
                _checkpoints.Add(save.Checkpoint);
                _checkpoints.SaveNext(_savedStep);
                break;
            case LedgerWriterProtocol.WriteSetting setting:
                Write(setting);
                break;
            case LedgerProtocol.StoreStates or LedgerProtocol.LoadStates or PartsProtocol.DropParts:
                _checkpoints.Pass(message);
                break;
            case LedgerProtocol.StatesStored or LedgerProtocol.StatesLoaded:
                Context.Parent.Tell(message);
                break;
            case PartsProtocol.CheckpointCut cut:
                _checkpoints.SaveRow(cut.Manifest);
                break;
            case PartsProtocol.CheckpointRead read:
                GoOnFrom(read.Checkpoint);
                break;
            case PartsProtocol.PartsFailed failed:
                Fail(WriterFault.Of(failed.Cause));
                break;
            case SaveSnapshotSuccess:
                Commit();
                break;
            case SaveSnapshotFailure failure:
                CheckpointNotSaved(failure.Cause);
                break;
            case LoadSnapshotResult result:
                Look(result.Snapshot);
                break;
            case LoadSnapshotFailed failure:
                LookFailed(failure.Cause);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // A reason that is no error of the store: Akka refuses to replay what the store says.
    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Report(reason, WriterFault.Of(reason).OrElse(StoreFaultKind.Damaged));

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Report(cause, WriterFault.Of(cause));

    // Akka would go on after a rejected event; the ledger would have a hole.
    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Fail(WriterFault.Of(cause));

    // From the end of replay to the first command: may it write, what can be gone on from, the new epoch.
    private void Open()
    {
        if (_opening.Refusal(_state) is { } fault)
        {
            Fail(fault);
        }
        else if (_opening.Acknowledged is not null)
        {
            Context.Parent.Tell(new LedgerWriterProtocol.Opened(null, _state.Epoch, _state.LastStep));
        }
        else
        {
            LookForCheckpoint();
        }
    }

    private void LookForCheckpoint()
    {
        if (_opening.At is { } at)
        {
            _state.SetAside(at);
        }

        if (_state.Checkpoint is { } committed)
        {
            _checkpoints.Look(committed.Step);
        }
        else
        {
            StartEpoch(null);
        }
    }

    private void Look(SelectedSnapshot? row)
    {
        try
        {
            var bytes = CommittedCheckpoint.Row(_state, row?.Metadata.SequenceNr, row?.Snapshot);
            if (_checkpoints.Read(bytes) is { } whole)
            {
                GoOnFrom(whole);
            }
        }
        catch (InvalidDataException wrong)
        {
            Fail(WriterFault.Of(wrong));
        }
    }

    private void GoOnFrom(Checkpoint read)
    {
        try
        {
            StartEpoch(CommittedCheckpoint.Require(_state, _opening.RunId, _opening.Identity, read));
        }
        catch (InvalidDataException wrong)
        {
            Fail(WriterFault.Of(wrong));
        }
    }

    // A busy store is asked again later; a row that it cannot give is damaged.
    private void LookFailed(Exception cause)
    {
        var fault = WriterFault.Of(cause);
        Fail(fault.Kind == StoreFaultKind.Temporary
            ? fault
            : WriterFault.Of(CommittedCheckpoint.Unreadable(_state, fault.Reason)));
    }

    private void StartEpoch(Checkpoint? checkpoint)
    {
        var started = new EpochStarted(_state.Epoch + 1, _opening.RunId, _opening.Identity, _opening.Computation);
        IReadOnlyList<string> notes = ComputationRules.Note(_state.Computation, _opening.Computation) is { } note ? [note] : [];
        ILedgerEvent[] events = _opening.At is { } at ? [started, new CheckpointsSetAside(started.Epoch, at)] : [started];
        PersistAll(events, _state.Apply);
        DeferAsync(started, _ => Context.Parent.Tell(new LedgerWriterProtocol.Opened(
            new LedgerProtocol.Recovered(checkpoint, started.Epoch, _state.LastStep, notes) { Changes = [.. _state.Changes] },
            started.Epoch,
            _state.LastStep)));
    }

    // Steps: several in one transaction, which costs about as much as one of them would.
    private void Record(StepFacts step)
    {
        switch (_state.Judge(step))
        {
            case StepVerdict.Write(var recorded):
                _state.Apply(recorded);
                Gather(recorded);
                break;
            case StepVerdict.Known:
                // After the steps that are still on their way to the disk: this one may be among them.
                WriteGathered();
                DeferAsync(step, _ => Saved(step.Step));
                break;
            case StepVerdict.Refuse(var reason):
                Fail(new StoreFault(StoreFaultKind.Damaged, reason));
                break;
            default:
                break;
        }
    }

    private void Gather(StepRecorded step)
    {
        _gathered.Add(step);
        if (_gathered.Count >= MostGathered)
        {
            WriteGathered();
        }
        else if (_gathered.Count == 1)
        {
            Timers.StartSingleTimer(nameof(WriteSteps), WriteSteps.Instance, LongestWait);
        }
    }

    private void WriteGathered()
    {
        if (_gathered.Count > 0)
        {
            Timers.Cancel(nameof(WriteSteps));
            PersistAllAsync([.. _gathered], step => Saved(step.Step));
            _gathered.Clear();
        }
    }

    private void Saved(long step)
    {
        _savedStep = Math.Max(_savedStep, step);
        Context.Parent.Tell(new LedgerProtocol.StepSaved(step));
        _checkpoints.SaveNext(_savedStep);
    }

    // Checkpoints, one at a time: parts and row, then the fact that it is committed, then older ones go.
    private void Commit()
    {
        // The state runs ahead of what was handed to the journal by the steps that are gathered.
        WriteGathered();
        var step = _checkpoints.Step;
        var committed = new CheckpointCommitted(step, _state.Epoch, _checkpoints.Sha256, _state.AnchorOf(step));
        _state.Apply(committed);
        PersistAsync(committed, _ =>
        {
            CheckpointDone(new LedgerProtocol.CheckpointSaved(committed.Step)
            {
                Event = LastSequenceNr,
                Superseded = _state.PruneUpTo,
            });
            _state.ForgetOldSteps();
        });
    }

    private void CheckpointNotSaved(Exception cause)
    {
        var fault = WriterFault.Of(cause);
        if (fault.Kind == StoreFaultKind.TooBig)
        {
            CheckpointDone(new LedgerProtocol.CheckpointFailed(_checkpoints.Step, fault.Reason));
        }
        else
        {
            Fail(fault);
        }
    }

    private void CheckpointDone(object answer)
    {
        _checkpoints.Done();
        Context.Parent.Tell(answer);
        _checkpoints.SaveNext(_savedStep);
    }

    private void Write(LedgerWriterProtocol.WriteSetting setting)
    {
        WriteGathered();
        if (setting.Index < _state.SettingsInEpoch)
        {
            DeferAsync(setting, _ => Context.Parent.Tell(new LedgerWriterProtocol.SettingSaved()));
            return;
        }

        var changed = _state.Changed(setting.Change.Event);
        _state.Apply(changed);
        PersistAsync(changed, _ => Context.Parent.Tell(new LedgerWriterProtocol.SettingSaved()));
    }

    private void Fail(StoreFault fault)
    {
        Context.Parent.Tell(new LedgerWriterProtocol.WriterFailed(fault));
        Context.Stop(Self);
    }

    // Akka stops the actor by itself.
    private void Report(Exception cause, StoreFault fault)
    {
        _log.Debug("store failed: {0}", cause);
        Context.Parent.Tell(new LedgerWriterProtocol.WriterFailed(fault));
    }

    private sealed record WriteSteps : INoSerializationVerificationNeeded
    {
        public static WriteSteps Instance { get; } = new();
    }
}
