using Akka.Actor;
using Akka.Event;
using Involute.Actors.Protocol;
using Involute.Actors.Wire;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.ControlProtocol;
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
    private readonly OperatorDesk _operators = new();
    private readonly SystemWarnings _warnings;

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
        _warnings = new SystemWarnings(observer);
        Recovering();
    }

    public IStash Stash { get; set; } = null!;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The learner of a run.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="ledger">The actor that speaks <see cref="LedgerProtocol"/>; becomes its child.</param>
    /// <param name="observer">Hears of the run, in order.</param>
    /// <param name="completion">Receives the end.</param>
    public static Props CreateProps(
        LearnerSettings settings, Props ledger, IRunObserver observer, TaskCompletionSource<RunOutcome> completion) =>
        Props.Create(() => new LearnerActor(settings, ledger, observer, completion));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        if (_settings.ReminderInterval is { } interval)
        {
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, interval);
        }

        _settings.Seat.Take(Self);
        _ledger = Context.Watch(Context.ActorOf(_ledgerProps, "ledger"));
        _ledger.Tell(new Recover());
        if (!_settings.Resume)
        {
            Begin(null, [], null);
        }
    }

    // A process that gives its run up has said so before, and an actor system that ends takes its actors along.
    protected override void PostStop()
    {
        _settings.Seat.Leave(Self);
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

    public override void AroundPreStart() => Guard(() =>
    {
        base.AroundPreStart();
        return true;
    });

    protected override bool AroundReceive(Receive receive, object message) =>
        Guard(() => message is not MessageChunk chunk ? base.AroundReceive(receive, message)
            : _assembly.Offer(Sender, chunk) is not { } whole || base.AroundReceive(receive, whole));

    // An exception is a bug, ours or the observer's: it ends the run, and the supervisor ends this actor.
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
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        _ledgerFault = $"{error.GetType().Name}: {error.Message}";
        return Directive.Stop;
    });

    protected override void Unhandled(object message) => _observer.Warned(
        $"unexpected {message.GetType().Name} while {_state?.Phase.ToString() ?? nameof(Recovering)}: ignored");

    private void Recovering()
    {
        Receive<RegisterNode>(_ => Stash.Stash());
        ReceiveQuestions();
        Receive<Tick>(_ => { });
        Receive<StopRun>(_ => End(RunStatus.Interrupted, "stopped before the run went on"));
        Receive<GiveUp>(_ => End(RunStatus.Interrupted, GivenUp));
        Receive<IControl>(it => _operators.BeforeRun(it, Sender, Self));
        Receive<Recovered>(Resume);
        Receive<StoreUnavailable>(it => _observer.Warned($"the store does not answer ({it.Reason}): waiting for it"));
        Receive<StoreAvailable>(_ => _observer.Warned("the store answers again"));
        Receive<StoreFailed>(failed => End(Recovery.StatusOf(failed.Kind), failed.Reason));
        Receive<Terminated>(_ => End(RunStatus.StorageFailed, $"the ledger stopped: {_ledgerFault}"));
        Receive<LogEvent>(_warnings.Log);
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

        Begin(recovered.Checkpoint, recovered.Warnings, recovered);
        Stash.UnstashAll();
    }

    private void Begin(Checkpoint? checkpoint, IReadOnlyList<string> warnings, Recovered? recovered)
    {
        var given = Recovery.Given(_settings, recovered);
        var changing = Recovery.Changing(_settings, recovered, given);
        given.ToList().ForEach(Give);
        _state = new LearnerState(_settings, checkpoint, changing, recovered?.LastStep ?? 0);
        _checkpointStep = checkpoint?.Step ?? 0;
        Become(Running);
        _observer.Started(_state.Outer, warnings);
        Perform(_state.Start());
    }

    private void Running()
    {
        var state = _state!;
        Receive<LogEvent>(_warnings.Log);
        Receive<Tick>(tick =>
        {
            _warnings.TellOfStrangers();
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
        Receive<StopOverdue>(_ => End(
            RunStatus.Interrupted, StopPatience.Overdue(state.Phase, state.Outer.Theta.Version.Next)));
        Receive<StopRun>(stop =>
        {
            // A second request does not begin the wait anew.
            if (!Timers.IsTimerActive(nameof(StopOverdue)))
            {
                Timers.StartSingleTimer(nameof(StopOverdue), StopOverdue.Instance, state.StopWait);
            }

            Perform(state.Receive(stop));
        });
        Receive<IControl>(it => Perform(
            _operators.IsForRun(it, Sender, Self, state, _checkpointStep) ? state.Receive(it) : []));
        Receive<IWireMessage>(message => Perform(state.Receive(message, IdentityOf(Sender))));
        ReceiveAny(message =>
        {
            _operators.Hear(message);
            Perform(state.Receive(_settings.Trace.Hear(message)));
        });
    }

    private void Give(ChangeSetting change)
    {
        _operators.SettingGiven();
        _ledger.Tell(change);
    }

    private void Ended()
    {
        ReceiveAny(message =>
        {
            if (_runIsOver && message is (AskForRun or AskForAdmission or RegisterNode))
            {
                Sender.Tell(new RunEnded(_settings.RunId, _ending));
            }
            else if (message is IControl and not NoLongerWanted)
            {
                Sender.Tell(new Refused($"the run has ended: {_ending}"));
            }
        });
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

                _settings.Trace.Published();
                break;
            case LearnerEffect.SendToNode send:
                _link.Tell(_nodes[send.Node], send.Message, Self);
                break;
            case LearnerEffect.Reply reply:
                Sender.Tell(reply.Message);
                break;
            case LearnerEffect.Answer answer:
                _operators.Answer(Sender, answer.Message);
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
                _observer.StepMeasured(step.Result, step.Course);
                break;
            case LearnerEffect.RecordSetting(var change):
                Give(ChangeSetting.Of(change));
                break;
            case LearnerEffect.Operate(var settings):
                (_observer as ISettingsObserver)?.SettingsChanged(settings);
                break;
            case LearnerEffect.SaveCheckpoint save:
                _ledger.Tell(new SaveCheckpoint(save.Checkpoint));
                break;
            case LearnerEffect.StoreStates store:
                _ledger.Tell(new StoreStates(store.Group, store.States));
                break;
            case LearnerEffect.LoadStates load:
                _ledger.Tell(new LoadStates(load.Groups));
                break;
            case LearnerEffect.ReportCheckpoint saved:
                _checkpointStep = saved.Step;
                _observer.CheckpointSaved(saved.Step);
                break;
            case LearnerEffect.Warn warn:
                _observer.Told(warn.News(_state?.Outer.Theta.Version.Value));
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

        _operators.Ended(outcome, _ending);
        _completion.TrySetResult(outcome);
        Become(Ended);
    }
}
