using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Does around a <see cref="LearnerState"/> what <see cref="LearnerActor"/> does.</summary>
internal sealed class SimulatedLearner
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

    /// <summary>The nodes of whose death it would hear.</summary>
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
            case RegisterNode when sender.Uid < _newest.GetValueOrDefault(sender.Path):
                // Akka drops an actor system's messages once another system sends from its address.
                break;
            case WindowsAdvanced answers:
                // One by one, to see whether each counts.
                foreach (var answer in answers.Windows)
                {
                    Receive(sender, answers with { Windows = [answer] }, answer);
                }

                break;
            case RegisterNode:
                _newest[sender.Path] = sender.Uid;
                Perform(State.Receive(message, IdentityOf(sender)), sender);
                break;
            default:
                Perform(State.Receive(message, IdentityOf(sender)), sender);
                break;
        }
    }

    private void Receive(Ref sender, WindowsAdvanced message, WindowAdvanced answer)
    {
        var isWanted = _promises!.IsWanted(answer);
        var stale = State!.StaleAnswers;
        var effects = State.Receive(message, IdentityOf(sender));
        Violation.Unless(
            isWanted || State.StaleAnswers > stale,
            $"an answer counts that is not awaited: {Trace.Words(answer)}");
        Perform(effects, sender);
    }

    /// <summary>Receives an answer of the store.</summary>
    public void Receive(object answer)
    {
        if (Outcome is not null)
        {
            return;
        }

        if (answer is Recovered recovered)
        {
            Recover(recovered);
        }
        else if (State is not null)
        {
            if (answer is CheckpointFailed)
            {
                _promises!.CheckpointFailed();
            }

            Perform(State.Receive(answer));
        }
    }

    public void Tick()
    {
        if (State is not null)
        {
            Perform(State.Receive(LearnerProtocol.Tick.Instance));
        }
    }

    public void Stop()
    {
        _stopRequested = State is null;
        if (State is not null)
        {
            _promises!.StopRequested();
            Perform(State.Receive(new LearnerProtocol.StopRun()));
        }
    }

    /// <summary>A node that it watches is dead.</summary>
    public void Lose(Ref node)
    {
        _watched.Remove(node);
        if (State is not null)
        {
            Perform(State.Receive(new LearnerProtocol.NodeStopped(IdentityOf(node))));
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

    private static NodeIdentity IdentityOf(Ref node) => new(node.Path, node.Uid);

    private void Perform(IReadOnlyList<LearnerEffect> effects, Ref? sender = null)
    {
        foreach (var effect in effects)
        {
            Perform(effect, sender);
        }

        _promises!.CheckRest(State!.IsEnding, _nodes.Count > 0);
    }

    private void Perform(LearnerEffect effect, Ref? sender)
    {
        _promises!.Check(effect, _nodes);
        switch (effect)
        {
            case LearnerEffect.PublishTheta publish:
                foreach (var node in _nodes.Values)
                {
                    _network.Send(Self, node, publish.Message);
                }

                break;
            case LearnerEffect.SendToNode send:
                _network.Send(Self, _nodes[send.Node], send.Message);
                break;
            case LearnerEffect.Reply reply:
                _network.Send(Self, sender!, reply.Message);
                break;
            case LearnerEffect.AdmitNode:
                if (_nodes.TryGetValue(sender!.Path, out var known))
                {
                    _watched.Remove(known);
                }

                _nodes[sender.Path] = sender;
                _watched.Add(sender);
                break;
            case LearnerEffect.ForgetNode forget:
                _nodes.Remove(forget.Node.Path);
                break;
            case LearnerEffect.CompleteStep step:
                _trace.Note("learner completes step", step.Result.Version);
                _store.Give(StepFacts.Of(step.Result, step.Contributions));
                break;
            case LearnerEffect.StoreStates states:
                _store.Give(new StoreStates(states.Group, states.States));
                break;
            case LearnerEffect.LoadStates states:
                _store.Give(new LoadStates(states.Groups));
                break;
            case LearnerEffect.SaveCheckpoint save:
                _store.Give(save.Checkpoint);
                break;
            case LearnerEffect.ReportCheckpoint saved:
                _trace.Note("learner reports checkpoint", saved.Step);
                break;
            case LearnerEffect.Warn warn:
                _trace.Note("learner warns:", warn.Message);
                break;
            case LearnerEffect.EndRun end:
                _trace.Note("learner ends:", end.Outcome.Status, end.Outcome.Message);
                Outcome = end.Outcome;
                break;
            default:
                throw new Violation($"no way to perform {effect}");
        }
    }
}
