using Involute.Actors.Nodes;
using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Does around a <see cref="NodeState"/> what <see cref="NodeActor"/> does.</summary>
internal sealed class SimulatedNode(
    Ref self, Ref learner, RegisterNode registration, TrainingPlan<float> plan, Chance chance, Network network,
    Trace trace)
    : IDisposable
{
    private readonly NodeState _state = new(registration.RunId);
    private readonly ComputeSlots<float> _slots = new();
    private readonly Dictionary<PlacedBlock, SimulatedPairs> _pairs = [];
    private readonly Queue<PlacedBlock> _terminated = new();
    private int _uids;

    public Ref Self { get; } = self;

    public Ref Learner { get; } = learner;

    /// <summary>Whether the learner has accepted it.</summary>
    public bool IsWorking => _state.IsAccepted;

    public bool HasNews => _terminated.Count > 0;

    public IReadOnlyCollection<SimulatedPairs> Pairs => _pairs.Values;

    public void Register() => network.Send(Self, Learner, registration);

    public void Receive(object message) => Perform(_state.Receive(message));

    /// <summary>Lets pairs read one message.</summary>
    public void Run(SimulatedPairs pairs)
    {
        trace.Note("pairs read", pairs.Mail.Peek(), pairs.Self);
        IPairAnswer? answer;
        try
        {
            answer = pairs.ReadMail();
        }
        catch (Exception error) when (error is not Violation)
        {
            Throw(pairs, error);
            return;
        }

        Answer(answer);
    }

    /// <summary>Pairs throw instead of reading a message.</summary>
    public void Throw(SimulatedPairs pairs, Exception error)
    {
        trace.Note("pairs throw", error.Message, pairs.Self);
        Forget(pairs);
        Receive(
            new PairsFailed(pairs.Placed, PairFaults.Find(error).Fatal, $"{error.GetType().Name}: {error.Message}"));
    }

    /// <summary>Pairs stop by themselves; the node hears of it later.</summary>
    public void Stop(SimulatedPairs pairs)
    {
        Forget(pairs);
        _terminated.Enqueue(pairs.Placed);
    }

    public void HearNews() => Receive(new PairsStopped(_terminated.Dequeue()));

    public void Dispose()
    {
        foreach (var pairs in _pairs.Values)
        {
            pairs.Dispose();
        }

        _pairs.Clear();
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
                // Not simulated: between these two, no message is lost for good.
                break;
            case NodeEffect.CreatePairs(var placement):
                var placed = new PlacedBlock(placement.Block, placement.Attempt);
                var path = $"{Self}/pairs-{placement.Block.First}-attempt-{placement.Attempt}";
                var pairs = new SimulatedPairs(new Ref(path, ++_uids), placed, plan, _slots);
                pairs.Mail.Enqueue(placement);
                _pairs.Add(placed, pairs);
                break;
            case NodeEffect.StopPairs(var ended):
                if (_pairs.TryGetValue(ended, out var ending))
                {
                    End(ending);
                }

                break;
            case NodeEffect.TellPairs(var told, var message):
                _pairs.GetValueOrDefault(told)?.Mail.Enqueue(message);
                break;
            case NodeEffect.TellLearner(var message):
                network.Send(Self, Learner, message);
                break;
            default:
                throw new Violation($"no way to perform {effect}");
        }
    }

    // A window that runs is not broken off: its answer may still leave.
    private void End(SimulatedPairs pairs)
    {
        if (pairs.Mail.Count > 0 && chance.Below(2) == 0)
        {
            Answer(pairs.ReadMail());
        }

        Forget(pairs);
    }

    private void Answer(IPairAnswer? answer)
    {
        if (answer is not null)
        {
            Receive(answer);
        }
    }

    private void Forget(SimulatedPairs pairs)
    {
        _pairs.Remove(pairs.Placed);
        pairs.Dispose();
    }
}
