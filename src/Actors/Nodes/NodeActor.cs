using Akka.Actor;
using Akka.Event;
using Involute.Actors.Pairs;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Actors.Wire;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Plugins;
using Involute.Tasks.Unrolls;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Nodes;

/// <summary>
/// One per process: registers with the learner, keeps the theta of the step for all its pair actors, creates them as
/// they are placed here, and reports those that fail. What it does about each message is up to <see cref="NodeState"/>.
/// </summary>
internal sealed class NodeActor : ReceiveActor, IWithTimers
{
    //  Working ──NodeRefused, a fault of the machine──▶ stopped; its parent is told
    //  Before NodeAccepted comes, NodeState takes nothing else.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(10);

    private readonly RegisterNode _registration;
    private readonly IActorRef _learner;
    private readonly NodeState _state;
    private readonly WireLink _link = new(Context.System);
    private readonly WireAssembly _assembly = new(Context.GetLogger());
    private readonly Props _pairs;
    private readonly WindowWatch _watch;
    private readonly NodePulse? _pulse;
    private readonly IProblemVoice? _voice;
    private readonly Action<ProblemLine> _listener;
    private readonly Dictionary<PlacedBlock, IActorRef> _actors = [];
    private readonly Dictionary<IActorRef, PlacedBlock> _placements = [];

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public NodeActor(
        RegisterNode registration, TrainingPlan<float> plan, IActorRef learner, WindowWatch watch, NodePulse? pulse)
    {
        ArgumentNullException.ThrowIfNull(registration);
        _registration = registration;
        _pairs = PairActor.CreateProps(plan, new ComputeSlots<float>(), watch.Windows);
        _learner = learner;
        _watch = watch;
        _pulse = pulse;
        _voice = plan.Problem as IProblemVoice;
        var self = Self;
        _listener = line => self.Tell(new Heard(line));
        _state = new NodeState(registration.RunId);
        Working();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A node that offers itself to a learner.</summary>
    /// <param name="registration">What it says of itself.</param>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="learner">The learner.</param>
    /// <param name="watch">Finds windows that do not return.</param>
    /// <param name="pulse">Is told how its work goes on; null if nothing is to be told.</param>
    public static Props CreateProps(
        RegisterNode registration, TrainingPlan<float> plan, IActorRef learner, WindowWatch watch, NodePulse? pulse = null) =>
        Props.Create(() => new NodeActor(registration, plan, learner, watch, pulse)).WithDispatcher(NodeDispatcher.Id);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _learner.Tell(_registration);
        _voice?.Said += _listener;
        Timers.StartPeriodicTimer(nameof(AskAgain), RegisterAgain.Instance, AskAgain);
        Timers.StartPeriodicTimer(nameof(LookAtWindows), LookAtWindows.Instance, _watch.Interval);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _voice?.Said -= _listener;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        message is not MessageChunk chunk ? base.AroundReceive(receive, message)
        : _assembly.Offer(Sender, chunk) is not { } whole || base.AroundReceive(receive, whole);

    // Without Akka's own log line: the learner says what it does about a failure.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, Decide, false);

    private void Working()
    {
        Receive<NodeRefused>(refused =>
        {
            Context.Parent.Tell(refused);
            Context.Stop(Self);
        });
        Receive<LookAtWindows>(_ => LookAtThem());
        Receive<Heard>(it => _learner.Tell(new ProblemSaid(_registration.RunId, it.Line.Pair, it.Line.Text)));
        Receive<RunEnded>(ended => Context.Parent.Tell(ended));
        Receive<ControlProtocol.AskWorker>(_ => Sender.Tell(new ControlProtocol.WorkerStanding(
            _state.IsAccepted ? "computing" : "waiting for the learner's answer",
            _registration.RunId.Value,
            _learner.Path.Address.Host is { } host ? $"{host}:{_learner.Path.Address.Port}" : "here",
            _state.Step,
            [.. _state.Living.Select(placed => placed.Block)])
        {
            IsAccepted = _state.IsAccepted,
        }));
        Receive<RegisterAgain>(_ => _learner.Tell(_registration));
        Receive<Terminated>(terminated =>
        {
            if (Forget(terminated.ActorRef) is { } pairs)
            {
                Perform(_state.Receive(new PairsStopped(pairs)));
            }
        });
        ReceiveAny(message =>
        {
            Perform(_state.Receive(message));
            _pulse?.Note(_state.Step, _state.Pairs, _state.IsBusy);
        });
    }

    private void Perform(IReadOnlyList<NodeEffect> effects)
    {
        foreach (var effect in effects)
        {
            Perform(effect);
        }
    }

    private void Perform(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.ConfirmRegistration:
                // A learner that takes this node for its dead predecessor forgets it.
                Timers.StartPeriodicTimer(nameof(AskAgain), RegisterAgain.Instance, ConfirmInterval);
                break;
            case NodeEffect.CreatePairs(var placement):
                Create(placement);
                break;
            case NodeEffect.StopPairs(var pairs):
                if (_actors.Remove(pairs, out var ending))
                {
                    _placements.Remove(ending);
                    Context.Stop(ending);
                }

                break;
            case NodeEffect.TellPairs(var pairs, var message):
                _actors.GetValueOrDefault(pairs, ActorRefs.Nobody).Tell(message);
                break;
            case NodeEffect.TellLearner(var message):
                _link.Tell(_learner, message, Self);
                break;
            default:
                throw new InvalidOperationException($"no way to perform {effect}");
        }
    }

    private void Create(PlaceBlock placement)
    {
        var name = $"pairs-{placement.Block.First}-attempt-{placement.Attempt}";
        var actor = Context.Watch(Context.ActorOf(_pairs, name));
        var pairs = new PlacedBlock(placement.Block, placement.Attempt);
        _actors[pairs] = actor;
        _placements[actor] = pairs;
        actor.Tell(placement);
    }

    // Runs in this actor, before the directive is carried out; Sender is the pair actor that threw.
    private Directive Decide(Exception error)
    {
        var row = PairFaults.Find(error);
        if (Forget(Sender) is { } pairs)
        {
            Perform(_state.Receive(new PairsFailed(pairs, row.Fatal, Fault.InOneLine(error))));
        }

        if (row.Reach == FaultReach.Node)
        {
            BreakDown(error);
        }

        return Directive.Stop;
    }

    // A thread that computes cannot be ended, and an actor on it cannot be stopped: the process has to end.
    private void LookAtThem()
    {
        foreach (var window in _watch.Look())
        {
            var line = window.Line($"{Place()} (pid {_registration.ProcessId})");
            if (!window.IsTooLong)
            {
                Context.Parent.Tell(new Suspicion(line));
                continue;
            }

            Perform(_state.Receive(new PairsFailed(window.Pairs, Fatal: false, line)));
            Context.Parent.Tell(new Broken($"{window.Pairs.Block}: {line}"));
        }
    }

    private static string Place()
    {
        var address = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
        return address.HasGlobalScope ? $"on {address.Host}:{address.Port}" : "in this process";
    }

    // The learner learns of it as of every node that stops; the one that started this one decides about the process.
    private void BreakDown(Exception error)
    {
        Context.Parent.Tell(new Broken($"{error.GetType().Name}: {error.Message}"));
        Context.Stop(Self);
    }

    private PlacedBlock? Forget(IActorRef actor)
    {
        if (!_placements.Remove(actor, out var pairs))
        {
            return null;
        }

        _actors.Remove(pairs);
        return pairs;
    }

    /// <summary>
    /// Node to its parent: this process cannot go on computing (see <see cref="PairFaults"/>), and the node is gone.
    /// </summary>
    /// <param name="Error">Type and message of the exception.</param>
    public sealed record Broken(string Error) : INoSerializationVerificationNeeded;

    /// <summary>Node to its parent: a window lasts suspiciously long.</summary>
    /// <param name="Line">For a person.</param>
    public sealed record Suspicion(string Line) : INoSerializationVerificationNeeded;

    private sealed record LookAtWindows : INoSerializationVerificationNeeded
    {
        public static LookAtWindows Instance { get; } = new();
    }

    private sealed record Heard(ProblemLine Line) : INoSerializationVerificationNeeded;

    private sealed record RegisterAgain : INoSerializationVerificationNeeded
    {
        public static RegisterAgain Instance { get; } = new();
    }
}
