using Akka.Actor;
using Akka.Event;
using Involute.Actors.Pairs;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using static Involute.Actors.Nodes.NodeProtocol;

namespace Involute.Actors.Nodes;

/// <summary>
/// One per process: registers with the learner, keeps the theta of the step for all its pair actors, creates them as they
/// are placed here, and reports those that fail.
/// </summary>
public sealed class NodeActor : ReceiveActor
{
    //  Registering ──NodeAccepted──▶ Working
    //              ──NodeRefused───▶ stopped
    private readonly RegisterNode _registration;
    private readonly TrainingPlan<float> _plan;
    private readonly IActorRef _learner;
    private readonly ComputeSlots<float> _slots = new();
    private readonly Dictionary<PairBlock, PairCell> _cells = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ThetaPublished? _theta;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public NodeActor(RegisterNode registration, TrainingPlan<float> plan, IActorRef learner)
    {
        _registration = registration;
        _plan = plan;
        _learner = learner;
        Registering();
    }

    /// <summary>A node that offers itself to a learner.</summary>
    /// <param name="registration">What it says of itself.</param>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="learner">The learner.</param>
    public static Props CreateProps(RegisterNode registration, TrainingPlan<float> plan, IActorRef learner) =>
        Props.Create(() => new NodeActor(registration, plan, learner));

    /// <inheritdoc/>
    protected override void PreStart() => _learner.Tell(_registration);

    // Without Akka's own log line: the learner says what it does about a failure.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, Decide, false);

    private void Registering()
    {
        Receive<NodeAccepted>(_ => Become(Working));
        Receive<NodeRefused>(refused =>
        {
            _log.Error("this node is refused: {0}", refused.Reason);
            Context.Stop(Self);
        });
    }

    private void Working()
    {
        Receive<PlaceBlock>(Place);
        Receive<ThetaPublished>(Publish);
        Receive<SaveState>(command => Find(command.Block)?.Actor.Forward(command));
        Receive<Terminated>(terminated => Lose(terminated.ActorRef));
    }

    private void Place(PlaceBlock placement)
    {
        if (Find(placement.Block) is { } earlier)
        {
            _cells.Remove(placement.Block);
            Context.Stop(earlier.Actor);
        }

        var name = $"pairs-{placement.Block.First}-attempt-{placement.Attempt}";
        var actor = Context.Watch(Context.ActorOf(PairActor.CreateProps(_plan, _slots, _learner), name));
        _cells[placement.Block] = new PairCell(actor, placement.Attempt);
        actor.Tell(placement);
        if (_theta is not null)
        {
            actor.Tell(_theta);
        }
    }

    private void Publish(ThetaPublished theta)
    {
        _theta = theta;
        foreach (var cell in _cells.Values)
        {
            cell.Actor.Tell(theta);
        }
    }

    // Runs in this actor, before the directive is carried out; Sender is the pair actor that threw.
    private Directive Decide(Exception error)
    {
        var row = PairFaults.Find(error);
        if (Forget(Sender) is var (block, attempt))
        {
            _learner.Tell(new BlockFailed(
                _registration.RunId, block, attempt, Version, row.Fatal, $"{error.GetType().Name}: {error.Message}"));
        }

        return row.Directive;
    }

    private void Lose(IActorRef actor)
    {
        if (Forget(actor) is var (block, attempt))
        {
            _learner.Tell(new BlockLost(_registration.RunId, block, attempt, Version));
        }
    }

    private ThetaVersion Version => _theta?.Theta.Version ?? default;

    private PairCell? Find(PairBlock block) => _cells.GetValueOrDefault(block);

    private (PairBlock Block, int Attempt)? Forget(IActorRef actor)
    {
        foreach (var (block, cell) in _cells)
        {
            if (cell.Actor.Equals(actor))
            {
                _cells.Remove(block);
                return (block, cell.Attempt);
            }
        }

        return null;
    }

    private sealed record PairCell(IActorRef Actor, int Attempt);
}
