using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Persistence;
using Involute.Actors.Protocol;
using Involute.Runs;
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
/// Steps are written several at a time, without waiting for those before. Checkpoints are saved one at a time, each after its step is in the ledger: row, then the fact
/// that it is committed, then older rows are deleted.
/// </remarks>
internal sealed partial class LedgerWriter : UntypedPersistentActor, IWithTimers
{
    private readonly RunId _runId;
    private readonly string _identity;
    private readonly long? _epoch;
    private readonly LedgerState _state = new();
    private readonly IActorRef _store;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="runId">The run.</param>
    /// <param name="identity">Settings that decide theta.</param>
    /// <param name="epoch">The epoch of the learner, if it has one already.</param>
    public LedgerWriter(RunId runId, string identity, long? epoch)
    {
        _runId = runId;
        _identity = identity;
        _epoch = epoch;
        _store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(string.Empty);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override string PersistenceId => LedgerId.Of(_runId);

    // Checkpoints stand at sequence = outer step, not ledger sequence: Akka must not take one for a state of this
    // actor.
    /// <inheritdoc/>
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props CreateProps(RunId runId, string identity, long? epoch) =>
        Props.Create(() => new LedgerWriter(runId, identity, epoch));

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ILedgerEvent ledgerEvent:
                _state.Apply(ledgerEvent);
                break;
            case RecoveryCompleted:
                _savedStep = _state.LastStep;
                Open();
                break;
            default:
                throw new InvalidDataException($"ledger: {message.GetType().Name} is no ledger event");
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
                _checkpoints.Enqueue(save.Checkpoint);
                SaveNextCheckpoint();
                break;
            case LedgerWriterProtocol.WriteSetting setting:
                Write(setting);
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
            case DeleteSnapshotsSuccess:
                break;
            case DeleteSnapshotsFailure failure:
                _log.Warning("old checkpoints stay for now: {0}", failure.Cause.Message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Report(reason);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Report(cause);

    // Akka would go on after a rejected event; the ledger would have a hole.
    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Fail(FaultOf(cause));

    private void Write(LedgerWriterProtocol.WriteSetting setting)
    {
        WriteGathered();
        if (setting.Index < _state.SettingsInEpoch)
        {
            DeferAsync(setting, _ => Context.Parent.Tell(new LedgerWriterProtocol.SettingSaved()));
            return;
        }

        var changed = new SettingChanged(_state.Epoch, setting.Change.Key, setting.Change.From, setting.Change.To);
        _state.Apply(changed);
        PersistAsync(changed, _ => Context.Parent.Tell(new LedgerWriterProtocol.SettingSaved()));
    }

    private void Fail(StoreFault fault)
    {
        Context.Parent.Tell(new LedgerWriterProtocol.WriterFailed(fault));
        Context.Stop(Self);
    }

    // Akka stops the actor by itself.
    private void Report(Exception cause)
    {
        _log.Debug("store failed: {0}", cause);
        Context.Parent.Tell(new LedgerWriterProtocol.WriterFailed(FaultOf(cause)));
    }

    // A circuit breaker that is open closes again by itself.
    private static StoreFault FaultOf(Exception cause) =>
        StoreFault.Of(cause, inner => inner is OpenCircuitException ? StoreFaultKind.Temporary : null);
}
