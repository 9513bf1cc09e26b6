using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Actors.Wire;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LearnerProtocol;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <summary>Performs what <see cref="LearnerState"/> decides: one per run, the only one that changes theta.</summary>
/// <remarks>The phases of a run are drawn in <see cref="LearnerState"/>; here is what comes before and after.</remarks>
internal sealed class LearnerActor : ReceiveActor, IWithStash, IWithTimers
{
    private const string GivenUp = "given up before the run's end";

    //  new run ──▶ Running ──EndRun──▶ Ended
    //  resume ──▶ Recovering ──Recovered──▶ Running
    //                        ──Recovered (not ours), StoreFailed──▶ Ended
    //  Nodes register whenever they like: while recovering they are stashed.
    private readonly LearnerSettings _settings;
    private readonly Props _ledgerProps;
    private readonly IRunObserver _observer;
    private readonly TaskCompletionSource<RunOutcome> _completion;
    private readonly Dictionary<string, IActorRef> _nodes = new(StringComparer.Ordinal);
    private readonly WireLink _link;
    private readonly WireAssembly _assembly = new(Context.GetLogger());
    private long _checkpointStep;
    private IActorRef _ledger = ActorRefs.Nobody;
    private readonly StrangerLog _strangers = new(TimeProvider.System);

    private LearnerState? _state;
    private string _ledgerFault = "it did not say why";
    private string _ending = "";
    private bool _runIsOver;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public LearnerActor(
        LearnerSettings settings, Props ledgerProps, IRunObserver observer, TaskCompletionSource<RunOutcome> completion)
    {
        _settings = settings;
        _ledgerProps = ledgerProps;
        _observer = observer;
        _completion = completion;
        _link = new WireLink(Context.System);
        Recovering();
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The learner of a run.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="ledger">The actor that speaks <see cref="LedgerProtocol"/>; becomes its child.</param>
    /// <param name="observer">Hears of the run, in order.</param>
    /// <param name="completion">Receives the end.</param>
    public static Props CreateProps(
        LearnerSettings settings, Props ledger, IRunObserver observer, TaskCompletionSource<RunOutcome> completion) =>
        Props.Create(() => new LearnerActor(settings, ledger, observer, completion));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        if (_settings.ReminderInterval is { } interval)
        {
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, interval);
        }

        _ledger = Context.Watch(Context.ActorOf(_ledgerProps, "ledger"));
        _ledger.Tell(new Recover());
        if (!_settings.Resume)
        {
            Begin(null, []);
        }
    }

    /// <inheritdoc/>
    // A process that gives its run up has said so before, and an actor system that ends takes its actors along.
    protected override void PostStop()
    {
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is null)
        {
            End(
                RunStatus.Failed,
                "the learner's actor was stopped from inside this program before the run's end; 'involute resume' goes on "
                    + $"from the checkpoint of step {_checkpointStep}");
        }
        else
        {
            End(RunStatus.Interrupted, "the learner was stopped before the run's end");
        }
    }

    /// <inheritdoc/>
    public override void AroundPreStart() => Guard(() =>
    {
        base.AroundPreStart();
        return true;
    });

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        Guard(() => message is not MessageChunk chunk ? base.AroundReceive(receive, message)
            : _assembly.Offer(Sender, chunk) is not { } whole || base.AroundReceive(receive, whole));

    // An exception here is a bug, ours or the observer's: it ends the run, and the supervisor ends this actor.
    private bool Guard(Func<bool> body)
    {
        try
        {
            return body();
        }
        catch (Exception error)
        {
            End(RunStatus.Failed, $"a bug in the learner: {error.GetType().Name}: {error.Message}");
            throw;
        }
    }

    // A ledger that throws has lost its queue: starting it anew would leave a hole in the ledger.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        _ledgerFault = $"{error.GetType().Name}: {error.Message}";
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void Unhandled(object message) => _observer.Warned(
        $"unexpected {message.GetType().Name} while {_state?.Phase.ToString() ?? nameof(Recovering)}: ignored");

    private void Recovering()
    {
        Receive<RegisterNode>(_ => Stash.Stash());
        ReceiveQuestions();
        Receive<Tick>(_ => { });
        Receive<StopRun>(_ => End(RunStatus.Interrupted, "stopped before the run went on"));
        Receive<GiveUp>(_ => End(RunStatus.Interrupted, GivenUp));
        Receive<Recovered>(Resume);
        Receive<StoreUnavailable>(it => _observer.Warned($"the store does not answer ({it.Reason}): waiting for it"));
        Receive<StoreAvailable>(_ => _observer.Warned("the store answers again"));
        Receive<StoreFailed>(failed => End(Recovery.StatusOf(failed.Kind), failed.Reason));
        Receive<Terminated>(_ => End(RunStatus.StorageFailed, $"the ledger stopped: {_ledgerFault}"));
        Receive<LogEvent>(Log);
    }

    // Of those that may take part.
    private void ReceiveQuestions()
    {
        Receive<AskForRun>(ask => Sender.Tell(NodeAdmission.Answer(_settings, ask)));
        Receive<AskForAdmission>(ask => Sender.Tell(NodeAdmission.Answer(_settings, ask)));
    }

    private void Resume(Recovered recovered)
    {
        if (Recovery.Problem(_settings, recovered) is { } problem)
        {
            End(RunStatus.BadData, problem);
            return;
        }

        foreach (var change in _settings.SettingChanges)
        {
            _ledger.Tell(new ChangeSetting(change.Key, change.Before ?? string.Empty, change.After ?? string.Empty));
        }

        Begin(recovered.Checkpoint, recovered.Warnings);
        Stash.UnstashAll();
    }

    private void Begin(Checkpoint? checkpoint, IReadOnlyList<string> warnings)
    {
        _state = new LearnerState(_settings, checkpoint);
        _checkpointStep = checkpoint?.Step ?? 0;
        Become(Running);
        _observer.Started(_state.Outer, warnings);
        Perform(_state.Start());
    }

    private void Running()
    {
        var state = _state!;
        Receive<LogEvent>(Log);
        Receive<Tick>(tick =>
        {
            TellOfStrangers(null);
            Perform(state.Receive(tick));
        });
        Receive<Terminated>(
            it => it.ActorRef.Equals(_ledger), _ => Perform(state.Receive(new LedgerStopped(_ledgerFault))));
        Receive<Terminated>(it =>
        {
            _assembly.Forget(it.ActorRef.Path.Address);
            Perform(state.Receive(new NodeStopped(IdentityOf(it.ActorRef))));
        });
        ReceiveQuestions();
        Receive<GiveUp>(_ => End(RunStatus.Interrupted, GivenUp));
        Receive<StopOverdue>(_ => GiveUpStopping(state));
        Receive<StopRun>(stop =>
        {
            // A second request does not begin the wait anew.
            if (!Timers.IsTimerActive(nameof(StopOverdue)))
            {
                Timers.StartSingleTimer(nameof(StopOverdue), StopOverdue.Instance, state.StopWait);
            }

            Perform(state.Receive(stop));
        });
        Receive<IWireMessage>(message => Perform(state.Receive(message, IdentityOf(Sender))));
        ReceiveAny(message => Perform(state.Receive(message)));
    }

    private void Ended()
    {
        Receive<AskForRun>(_ => _runIsOver, _ => Sender.Tell(new RunEnded(_settings.RunId, _ending)));
        Receive<AskForAdmission>(_ => _runIsOver, _ => Sender.Tell(new RunEnded(_settings.RunId, _ending)));
        Receive<RegisterNode>(_ => _runIsOver, _ => Sender.Tell(new RunEnded(_settings.RunId, _ending)));
        ReceiveAny(_ => { });
    }

    private void Log(LogEvent logged)
    {
        if (_strangers.TryTake(logged, out var line))
        {
            TellOfStrangers(line);
        }
        else if (!ClusterLogFilter.IsNoise(logged))
        {
            _observer.Warned(LogLine.Of(logged));
        }
    }

    private void TellOfStrangers(string? line)
    {
        foreach (var it in _strangers.Due().Concat(line is null ? [] : [line]))
        {
            _observer.Warned(it);
        }
    }

    private static NodeIdentity IdentityOf(IActorRef node) => new(node.Path.ToStringWithAddress(), node.Path.Uid);

    private void Perform(IReadOnlyList<LearnerEffect> effects)
    {
        foreach (var effect in effects)
        {
            Perform(effect);
        }
    }

    private void Perform(LearnerEffect effect)
    {
        switch (effect)
        {
            case LearnerEffect.PublishTheta publish:
                foreach (var node in _nodes.Values)
                {
                    _link.Tell(node, publish.Message, Self);
                }

                break;
            case LearnerEffect.SendToNode send:
                _link.Tell(_nodes[send.Node], send.Message, Self);
                break;
            case LearnerEffect.Reply reply:
                Sender.Tell(reply.Message);
                break;
            case LearnerEffect.AdmitNode admit:
                Admit(admit);
                break;
            case LearnerEffect.ForgetNode forget:
                _nodes.Remove(forget.Node.Path);
                break;
            case LearnerEffect.CompleteStep step:
                _ledger.Tell(new RecordStep(StepFacts.Of(step.Result, step.Contributions)));
                _observer.StepCompleted(step.Result);
                break;
            case LearnerEffect.SaveCheckpoint save:
                _ledger.Tell(new SaveCheckpoint(save.Checkpoint));
                break;
            case LearnerEffect.ReportCheckpoint saved:
                _checkpointStep = saved.Step;
                _observer.CheckpointSaved(saved.Step);
                break;
            case LearnerEffect.Warn warn:
                _observer.Warned(warn.Message);
                break;
            case LearnerEffect.EndRun end:
                End(end.Outcome);
                break;
            default:
                throw new InvalidOperationException($"no way to perform {effect}");
        }
    }

    private void Admit(LearnerEffect.AdmitNode admit)
    {
        if (_nodes.TryGetValue(admit.Node.Path, out var known))
        {
            Context.Unwatch(known);
        }

        _nodes[admit.Node.Path] = Context.Watch(Sender);
        Context.System.EventStream.Publish(
            new NodeRegistered(Sender.Path.Address, admit.Registration.ProcessId, admit.Registration.Slots));
    }

    private void GiveUpStopping(LearnerState state) => End(RunStatus.Interrupted, state.Phase switch
    {
        LearnerPhase.Stepping => $"outer step {state.Outer.Theta.Version.Next} was not waited for any longer",
        LearnerPhase.SavingStates => "the states of its pairs did not come in time",
        _ => "the store did not take the rest in time",
    });

    private void End(RunStatus status, string message) =>
        End(new RunOutcome(status, _state?.Outer, double.NaN, _checkpointStep, message));

    private void End(RunOutcome outcome)
    {
        _ending = outcome.Message.Length > 0 ? outcome.Message : "all outer steps are done";

        // A run that is not finished may go on with another learner, or with this one started anew: its workers wait.
        _runIsOver = outcome.Status == RunStatus.Finished;
        foreach (var node in _runIsOver ? _nodes.Values : Enumerable.Empty<IActorRef>())
        {
            node.Tell(new RunEnded(_settings.RunId, _ending));
        }

        _completion.TrySetResult(outcome);
        Become(Ended);
    }
}
