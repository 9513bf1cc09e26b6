using Akka.Actor;
using Akka.Event;
using Involute.Actors.Cluster;
using Involute.Actors.Protocol;
using Involute.Actors.Wire;
using Involute.Runs;
using static Involute.Actors.Protocol.LearnerProtocol;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Learning;

/// <summary>Performs what <see cref="LearnerState"/> decides: one per run, the only one that changes theta.</summary>
/// <remarks>The phases of a run are drawn in <see cref="LearnerState"/>; here is what comes before and after.</remarks>
public sealed partial class LearnerActor : ReceiveActor, IWithStash, IWithTimers
{
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
    private IActorRef _ledger = ActorRefs.Nobody;
    private LearnerState? _state;
    private string _ledgerFault = "it stopped";
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
    /// <param name="settings">What it decides by.</param>
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
    protected override void PostStop() => End(RunStatus.Interrupted, "the run was given up before its end");

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

    // Whatever is thrown here is a bug, ours or the observer's: it ends the run, and the supervisor ends this actor.
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
        Receive<AskForRun>(Offer);
        Receive<Tick>(_ => { });
        Receive<StopRun>(_ => Stash.Stash());
        Receive<Recovered>(Resume);
        Receive<StoreUnavailable>(it => _observer.Warned($"the store does not answer ({it.Reason}): waiting for it"));
        Receive<StoreAvailable>(_ => _observer.Warned("the store answers again"));
        ReceiveEnds(End);
    }

    private void Running()
    {
        var state = _state!;
        Receive<RegisterNode>(Register);
        Receive<AskForRun>(Offer);
        Receive<Tick>(_ => Perform(state.Tick()));
        Receive<IWireMessage>(message => message.RunId != _settings.RunId, Unhandled);
        Receive<WindowsAdvanced>(answers => Advance(state, answers.Windows));
        Receive<StepSaved>(saved => Perform(state.StepSaved(saved.Step)));
        Receive<StateSaved>(answer => Perform(state.StateSaved(answer)));
        Receive<BlockFailed>(it => Perform(state.BlockFailed(it.Block, it.Attempt, it.Fatal, it.Error)));
        Receive<BlockLost>(it => Perform(state.BlockFailed(it.Block, it.Attempt, false, "its actor stopped")));
        Receive<ThetaMissing>(it => Perform(state.ThetaMissing(IdOf(Sender), it.Version)));
        Receive<BlockMissing>(it => Perform(state.BlockMissing(it.Block, it.Attempt)));
        Receive<CheckpointSaved>(saved => Perform(state.CheckpointSaved(saved.Step)));
        Receive<CheckpointFailed>(failed => Perform(state.CheckpointFailed(failed.Step, failed.Reason)));
        Receive<StoreUnavailable>(unavailable => Perform(state.StoreUnavailable(unavailable.Reason)));
        Receive<StoreAvailable>(_ => Perform(state.StoreAvailable()));
        Receive<StopRun>(_ => Perform(state.StopRequested()));
        Receive<Recovered>(CheckNewStore);
        ReceiveEnds((status, reason) => Perform(state.StoreFailed(status, reason)));
        Receive<Terminated>(terminated => LoseNode(terminated.ActorRef));
    }

    private void Advance(LearnerState state, IReadOnlyList<WindowAdvanced> windows)
    {
        foreach (var window in windows)
        {
            Perform(state.WindowAdvanced(window));
        }
    }

    private void Ended()
    {
        Receive<AskForRun>(_ => _runIsOver, _ => Sender.Tell(new RunEnded(_settings.RunId, _ending)));
        Receive<RegisterNode>(_ => _runIsOver, _ => Sender.Tell(new RunEnded(_settings.RunId, _ending)));
        ReceiveAny(_ => { });
    }

    private void ReceiveEnds(Action<RunStatus, string> end)
    {
        Receive<StoreFailed>(failed => end(StatusOf(failed.Kind), failed.Reason));
        Receive<Terminated>(
            terminated => terminated.ActorRef.Equals(_ledger),
            _ => end(RunStatus.StorageFailed, $"the ledger stopped: {_ledgerFault}"));
        Receive<LogEvent>(ClusterNoise.Is, _ => { });
        Receive<LogEvent>(logged => _observer.Warned(LogLine.Of(logged)));
    }

    private void End(RunStatus status, string message) =>
        End(new RunOutcome(status, _state?.Outer, double.NaN, 0, message));

    private void End(RunOutcome outcome)
    {
        _ending = outcome.Message.Length > 0 ? outcome.Message : "all outer steps are done";
        TellNodesOf(outcome);
        _completion.TrySetResult(outcome);
        Become(Ended);
    }

    private static RunStatus StatusOf(StoreFailure kind) => kind switch
    {
        StoreFailure.Data => RunStatus.BadData,
        StoreFailure.Held => RunStatus.Held,
        StoreFailure.InputOutput => RunStatus.StorageFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown failure"),
    };
}
