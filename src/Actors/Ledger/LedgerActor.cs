using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification.Evidence;

namespace Involute.Actors.Ledger;

/// <summary>
/// A run's ledger and checkpoints, as the learner sees them: it answers <see cref="LedgerProtocol"/>, keeps in order
/// what is not on disk yet, and lives on when the store fails. Answers go to the sender of the last message.
/// </summary>
/// <remarks>
/// <code>
///           Recover              Opened
///  Idle ──────────────► Opening ────────────────► Writing
///                        ▲   │ writer stopped        │ writer stopped
///            pause over  │   ▼                       ▼
///                        └─ Waiting ◄────────────────┤      tells StoreUnavailable, once,
///                               │                    │      and StoreAvailable when all that was kept is on disk
///                               ▼ too often          ▼ damaged, another run, another learner
///                             Failed ◄───────────────┘      answers StoreFailed, always
///
///  Recover in any other state: Closing (until the writer has stopped), then Opening in a new epoch.
///  An actor of the journal or the checkpoints that was stopped, in any state: Failed.
/// </code>
/// What arrives in Idle, Opening, Waiting and Closing is kept and sent to the next writer, which knows from the ledger
/// what of it had reached the disk: nothing is lost, nothing written twice.
/// </remarks>
internal sealed class LedgerActor : ReceiveActor, IWithTimers
{
    private readonly RunId _runId;
    private readonly IRunStore _database;
    private readonly string _identity;
    private readonly Computation? _computation;
    private readonly LedgerGuard _guard;
    private readonly StoreWatch _store;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PendingWork _pending = new();
    private readonly StorePlugins _plugins = new();
    private IActorRef _learner = ActorRefs.Nobody;
    private IActorRef _writer = ActorRefs.Nobody;
    private StoreFault? _fault;
    private AcknowledgedEvents? _acknowledged;
    private long? _epochBefore;
    private int _begun;
    private int _settings;

    /// <summary>Use <c>CreateProps</c>.</summary>
    public LedgerActor(IRunStore store, string identitySha256, Computation? computation, LedgerGuard guard, Backoff backoff)
    {
        _runId = store.RunId;
        _database = store;
        _identity = identitySha256;
        _computation = computation;
        _guard = guard;
        _store = new StoreWatch(backoff);
        Become(Idle);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// The ledger of a run; the actor system must have the settings of <see cref="PersistenceHocon"/>.
    /// </summary>
    /// <param name="store">The run's store; its tables are created if there are none.</param>
    /// <param name="identitySha256">Hash of the settings that decide theta (lowercase hex).</param>
    /// <param name="computation">What the run is computed with; null to leave it out of the ledger.</param>
    /// <param name="guard">What is done about the ledger besides writing it.</param>
    /// <param name="backoff">How long to wait for a store that does not answer.</param>
    public static Props CreateProps(
        IRunStore store, string identitySha256, Computation? computation = null, LedgerGuard? guard = null,
        Backoff? backoff = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(store.RunId.Value);
        ArgumentException.ThrowIfNullOrEmpty(identitySha256);
        var pauses = backoff ?? Backoff.Default;
        var guarding = guard ?? new LedgerGuard();
        return Props.Create(() => new LedgerActor(store, identitySha256, computation, guarding, pauses));
    }

    // A store's failure is a message; an exception in the writer is a bug, for the learner's supervisor to see.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Idle()
    {
        Receive<LedgerProtocol.Recover>(_ =>
        {
            _learner = Sender;
            Open();
        });
        ReceiveCommands(_ => { });
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        if (_plugins.Stopped(message) is { } reason)
        {
            Context.Stop(Context.Unwatch(_writer));
            GiveUp(new LedgerProtocol.StoreFailed(StoreFailure.InputOutput, reason));
            return true;
        }

        return base.AroundReceive(receive, message);
    }

    private void Opening()
    {
        ReceiveFromWriter();
        Receive<LedgerWriterProtocol.Opened>(Opened);
        Receive<LedgerProtocol.Recover>(_ => StartAnew());
        ReceiveCommands(_ => { });
    }

    private void Writing()
    {
        ReceiveFromWriter();
        Receive<LedgerProtocol.StepSaved>(
            IsFromWriter, saved => Acknowledge(saved, () => StepSaved(saved.Step)));
        Receive<LedgerProtocol.CheckpointSaved>(IsFromWriter, ReadBack);
        Receive<LedgerProtocol.CheckpointFailed>(
            IsFromWriter, failed => Acknowledge(failed, () => _pending.CheckpointDone(failed.Step)));
        Receive<LedgerProtocol.StatesStored>(IsFromWriter, it => Acknowledge(it, _pending.StatesDone));
        Receive<LedgerProtocol.StatesLoaded>(IsFromWriter, it => Acknowledge(it, _pending.StatesDone));
        Receive<LedgerWriterProtocol.SettingSaved>(IsFromWriter, _ => Acknowledge(new LedgerProtocol.SettingSaved(), SettingSaved));
        Receive<LedgerProtocol.Recover>(_ => StartAnew());
        ReceiveCommands(command => _writer.Tell(command));
    }

    private void Waiting()
    {
        Receive<PauseOver>(_ => Open());
        Receive<LedgerProtocol.Recover>(_ => StartAnew());
        ReceiveCommands(_ => { });
    }

    private void Closing()
    {
        Receive<Terminated>(IsWriter, _ => Open());
        Receive<LedgerProtocol.Recover>(_ => StartAnew());
        ReceiveCommands(_ => { });
    }

    private void Failed(LedgerProtocol.StoreFailed failure)
    {
        Receive<LedgerProtocol.Recover>(_ => Sender.Tell(failure));
        ReceiveCommands(_ => Sender.Tell(failure));
    }

    private void ReceiveFromWriter()
    {
        Receive<LedgerWriterProtocol.WriterFailed>(IsFromWriter, failed => _fault ??= failed.Fault);
        Receive<Terminated>(
            IsWriter, _ => WriterStopped(_fault ?? new StoreFault(StoreFaultKind.Unknown, "the writer stopped")));
    }

    private void ReceiveCommands(Action<object> then)
    {
        Receive<LedgerProtocol.RecordStep>(step => Keep(step, then));
        Receive<LedgerProtocol.SaveCheckpoint>(save => Keep(save, then));
        Receive<LedgerProtocol.StoreStates>(states => Keep(states, then));
        Receive<LedgerProtocol.LoadStates>(states => Keep(states, then));
        Receive<LedgerProtocol.ChangeSetting>(
            change => Keep(new LedgerWriterProtocol.WriteSetting(_settings++, change), then));
    }

    private void Keep(object command, Action<object> then)
    {
        _learner = Sender;
        _pending.Add(command);
        then(command);
    }

    // A database that was moved away while it is open goes on answering its writer.
    private void ReadBack(LedgerProtocol.CheckpointSaved saved)
    {
        if (_guard.Committed(_database, saved, isAll: _pending.Commands.Count == 1) is { } fault)
        {
            Context.Stop(Context.Unwatch(_writer));
            WriterStopped(fault);
            return;
        }

        _guard.Mark(_database, saved.Step, _log.Warning);
        _acknowledged = _acknowledged! with { CheckpointStep = saved.Step };
        if (saved.Superseded is not null)
        {
            LedgerGuard.Drop(_database, saved, _log.Warning);
            _writer.Tell(new PartsProtocol.DropParts(saved.Event));
        }

        Acknowledge(saved, () => _pending.CheckpointDone(saved.Step));
    }

    private void Acknowledge(object answer, Action forget)
    {
        forget();
        _learner.Tell(answer);
        Announce(_store.Written());
    }

    private void StepSaved(long step)
    {
        _pending.StepSaved(step);
        _acknowledged = _acknowledged! with { Step = Math.Max(_acknowledged.Step, step) };
    }

    private void SettingSaved()
    {
        _pending.SettingSaved();
        _acknowledged = _acknowledged! with { Settings = _acknowledged.Settings + 1 };
    }

    private void Announce(bool answersAgain)
    {
        if (answersAgain)
        {
            _log.Info("{0}: the store answers again", _runId);
            _learner.Tell(new LedgerProtocol.StoreAvailable());
        }
    }

    // A learner that has lost its memory: what was asked for before is not its business.
    private void StartAnew()
    {
        _learner = Sender;
        _pending.Restart();
        _epochBefore = _acknowledged?.Epoch ?? _epochBefore;
        _acknowledged = null;
        _settings = 0;
        _store.Restart();
        Timers.CancelAll();
        if (_writer.IsNobody())
        {
            Open();
            return;
        }

        Context.Stop(_writer);
        Become(Closing);
    }

    private void Open()
    {
        _fault = null;
        _writer = ActorRefs.Nobody;
        LedgerStart? start;
        try
        {
            _guard.Prepare(_database, isFirst: _acknowledged is null);
            start = _guard.StartOf(_database);
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            WriterStopped(StoreFault.Of(cause));
            return;
        }

        // For the writer's own thread. Each writer before it may have begun an epoch that was not acknowledged.
        var (begun, epochBefore) = (_begun, _epochBefore);
        _writer = Context.Watch(Context.ActorOf(LedgerWriter.CreateProps(new LedgerOpening
        {
            RunId = _runId,
            Store = _database.Connection,
            Identity = _identity,
            Computation = _computation,
            At = _guard.At,
            Start = start,
            Acknowledged = _acknowledged,
            IsOvertaken = epoch => _guard.IsOvertaken(epoch, begun)
                || (epochBefore is { } before && LedgerGuard.IsOvertaken(epoch, before, begun)),
        })));
        _plugins.Watch(Context);
        _begun++;
        Become(Opening);
    }

    private void Opened(LedgerWriterProtocol.Opened opened)
    {
        _begun = 0;
        _pending.SavedUpTo(opened.LastStep);
        _acknowledged = _acknowledged is { } known
            ? known with { Step = Math.Max(known.Step, opened.LastStep) }
            : new AcknowledgedEvents(opened.Epoch, opened.LastStep, opened.Recovered?.Checkpoint?.Step ?? 0, Settings: 0);
        if (opened.Recovered is { } recovered)
        {
            _guard.Mark(_database, recovered.Checkpoint?.Step ?? 0, _log.Warning);
            _learner.Tell(recovered);
        }

        Become(Writing);
        foreach (var command in _pending.Commands)
        {
            _writer.Tell(command);
        }

        Announce(_store.Reopened(_pending.Writable));
    }

    private void WriterStopped(StoreFault fault)
    {
        _writer = ActorRefs.Nobody;

        // Without an epoch of its own a learner has nothing in the ledger that could have come late.
        var known = fault.Kind == StoreFaultKind.Taken && _acknowledged is null
            ? fault with { Kind = StoreFaultKind.Held }
            : _guard.Explain(_database, fault);
        var verdict = _store.Failed(known);
        if (verdict is StoreVerdict.GiveUp(var failure))
        {
            GiveUp(failure);
        }
        else if (verdict is StoreVerdict.Retry(var pause, var news))
        {
            if (news is not null)
            {
                _log.Info("{0}: the store does not answer: {1}", _runId, news.Reason);
                _learner.Tell(news);
            }

            Timers.StartSingleTimer(nameof(PauseOver), PauseOver.Instance, pause);
            Become(Waiting);
        }
    }

    private void GiveUp(LedgerProtocol.StoreFailed failure)
    {
        _learner.Tell(failure);
        Become(() => Failed(failure));
    }

    private bool IsFromWriter(object message) => Sender.Equals(_writer);

    private bool IsWriter(Terminated terminated) => terminated.ActorRef.Equals(_writer);

    private sealed record PauseOver : INoSerializationVerificationNeeded
    {
        public static PauseOver Instance { get; } = new();
    }
}
