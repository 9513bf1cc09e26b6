using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Does around a <see cref="LearnerState"/> what <see cref="LearnerActor"/> does.</summary>
internal sealed partial class SimulatedLearner
{
    private readonly LearnerSettings _settings;
    private readonly Oracle _oracle;
    private readonly Network _network;
    private readonly SimulatedStore _store;
    private readonly Trace _trace;
    private readonly Dictionary<string, Ref> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<Ref> _watched = [];
    private readonly Queue<(Ref Sender, RegisterNode Message)> _stash = new();
    private readonly Dictionary<string, int> _newest = new(StringComparer.Ordinal);
    private LearnerPromises? _promises;
    private bool _stopRequested;

    public SimulatedLearner(
        Ref self, LearnerSettings settings, Oracle oracle, Network network, SimulatedStore store, Trace trace)
    {
        Self = self;
        _settings = settings;
        _oracle = oracle;
        _network = network;
        _store = store;
        _trace = trace;
        store.Recover();
        if (!settings.Resume)
        {
            Begin(null);
        }
    }

    public Ref Self { get; }

    /// <summary>Null while it waits for its store.</summary>
    public LearnerState? State { get; private set; }

    public RunOutcome? Outcome { get; private set; }

    /// <summary>Whose death it would hear of.</summary>
    public IReadOnlyCollection<Ref> Watched => _watched;

    public void Receive(Ref sender, IWireMessage message)
    {
        if (Outcome is not null)
        {
            return;
        }

        if (State is null)
        {
            if (message is RegisterNode early)
            {
                _stash.Enqueue((sender, early));
            }

            return;
        }

        switch (message)
        {
            case RegisterNode register:
                Register(sender, register);
                break;
            case WindowsAdvanced answers:
                foreach (var answer in answers.Windows)
                {
                    Receive(sender, answer);
                }

                break;
            case StateSaved answer:
                Perform(State.StateSaved(answer), sender);
                break;
            case BlockFailed it:
                Perform(State.BlockFailed(it.Block, it.Attempt, it.Fatal, it.Error), sender);
                break;
            case BlockLost it:
                Perform(State.BlockFailed(it.Block, it.Attempt, false, "its actor stopped"), sender);
                break;
            case ThetaMissing it:
                Perform(State.ThetaMissing(sender.Path, it.Version), sender);
                break;
            case BlockMissing it:
                Perform(State.BlockMissing(it.Block, it.Attempt), sender);
                break;
            default:
                throw new Violation($"the learner was sent a {message.GetType().Name}");
        }
    }

    private void Receive(Ref sender, WindowAdvanced answer)
    {
        var isWanted = _promises!.IsWanted(answer);
        var stale = State!.StaleAnswers;
        var effects = State.WindowAdvanced(answer);
        Violation.Unless(
            isWanted || State.StaleAnswers > stale,
            $"an answer counts that nobody waits for: {Trace.Words(answer)}");
        Perform(effects, sender);
    }

    /// <summary>What the store has to say.</summary>
    public void Receive(object answer)
    {
        if (Outcome is not null)
        {
            return;
        }

        switch (answer)
        {
            case Recovered recovered:
                Recover(recovered);
                break;
            case StepSaved saved:
                Perform(State!.StepSaved(saved.Step));
                break;
            case CheckpointSaved saved:
                Perform(State!.CheckpointSaved(saved.Step));
                break;
            case CheckpointFailed failed:
                _promises!.CheckpointFailed();
                Perform(State!.CheckpointFailed(failed.Step, failed.Reason));
                break;
            case StoreUnavailable it when State is not null:
                Perform(State.StoreUnavailable(it.Reason));
                break;
            case StoreAvailable when State is not null:
                Perform(State.StoreAvailable());
                break;
            default:
                break;
        }
    }

    public void Tick()
    {
        if (State is not null)
        {
            Perform(State.Tick());
        }
    }

    public void Stop()
    {
        _stopRequested = State is null;
        if (State is not null)
        {
            _promises!.StopRequested();
            Perform(State.StopRequested());
        }
    }

    /// <summary>A node that it watches is dead.</summary>
    public void Lose(Ref node)
    {
        _watched.Remove(node);
        if (_nodes.TryGetValue(node.Path, out var known) && known == node)
        {
            _nodes.Remove(node.Path);
            _promises!.Lost(node.Path);
            Perform(State!.NodeLost(node.Path, "it stopped"));
        }
    }

    private void Recover(Recovered recovered)
    {
        Violation.Unless(
            Recovery.Problem(_settings, recovered) is null,
            $"recovery: {Recovery.Problem(_settings, recovered)}");
        if (!_settings.Resume)
        {
            return;
        }

        Begin(recovered.Checkpoint);
        if (_stopRequested)
        {
            Stop();
        }

        while (_stash.TryDequeue(out var early))
        {
            Receive(early.Sender, early.Message);
        }
    }

    private void Begin(Checkpoint? checkpoint)
    {
        State = new LearnerState(_settings, checkpoint);
        _promises = new LearnerPromises(_settings, _oracle, checkpoint?.Step ?? 0);
        Perform(State.Start());
    }

    private void Register(Ref sender, RegisterNode node)
    {
        // Akka lets nothing of an actor system through once another one speaks from its address.
        if (sender.Uid < _newest.GetValueOrDefault(sender.Path))
        {
            return;
        }

        _newest[sender.Path] = sender.Uid;
        Violation.Unless(NodeAdmission.Refusal(_settings, node) is null, "a node is refused");
        _network.Send(Self, sender, new NodeAccepted(node.RunId));
        if (_nodes.TryGetValue(sender.Path, out var known))
        {
            if (known == sender)
            {
                return;
            }

            _watched.Remove(known);
            _promises!.Lost(sender.Path);
        }

        _nodes[sender.Path] = sender;
        _watched.Add(sender);
        Perform(State!.NodeJoined(new NodeMember(sender.Path, node.Slots)));
    }
}
