using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// One run: a learner, workers, a network and a store, in one thread and without a clock. Its seed decides all that happens.
/// </summary>
/// <remarks>Here is who there is and what can happen to them; the other parts say what happens next.</remarks>
internal sealed partial class Simulation : IDisposable
{
    private const int MostWorkers = 8;

    private readonly Chance _chance;
    private readonly Weather _weather;
    private readonly Oracle _oracle;
    private readonly Tally _tally;
    private readonly Network _network;
    private readonly SimulatedStore _store;
    private readonly List<SimulatedWorker> _workers = [];
    private readonly FailureBudget _failures;
    private LearnerSettings _settings;
    private SimulatedLearner? _learner;
    private int _uids;

    public Simulation(long seed, Mischief mischief, Tally tally)
    {
        _chance = new Chance(seed);
        _weather = new Weather(_chance);
        _oracle = Oracles.Any(_chance);
        _tally = tally;
        _network = new Network(_chance, _weather, mischief, Trace, tally);
        var thetaBytes = (long)_oracle.Plan.ThetaLength * sizeof(float);
        _settings = TestRun.Settings(_oracle.Plan, _oracle.Steps, 1 + _chance.Below(5)) with
        {
            WaitsForNodes = true,
            MaxUnsavedSteps = _chance.Of(1, 2, 5, 256),
            MaxReplayBytes = _chance.Of(1, 2 * thetaBytes, 3 * thetaBytes, 1L << 20),
        };
        _store = new SimulatedStore(_settings.RunId, _settings.IdentitySha256, _oracle, _chance, _weather, tally);
        _failures = new FailureBudget(_settings.MaxRestarts);
        StartLearner();
    }

    public Trace Trace { get; } = new();

    private bool HasFinished => _learner?.Outcome is { Status: RunStatus.Finished };

    private IEnumerable<SimulatedNode> Nodes => _workers.Where(worker => worker.Node is not null).Select(worker => worker.Node!);

    private IEnumerable<(SimulatedNode Node, SimulatedPairs Pairs)> Readers => Nodes.SelectMany(
        node => node.Pairs.Where(pairs => pairs.Mail.Count > 0).Select(pairs => (node, pairs)));

    public void Dispose() => _workers.ForEach(worker => worker.EndNode());

    private void StartLearner()
    {
        _learner = new SimulatedLearner(new Ref("learner", ++_uids), _settings, _oracle, _network, _store, Trace);
        _settings = _settings with { Resume = true };
        Trace.Note("learner starts", _learner.Self);
    }

    private void EndLearner(Fault? fault)
    {
        if (fault is { } happened)
        {
            _tally.Add(happened);
        }

        Trace.Note("learner's process ends", _learner!.Self);
        _learner = null;
        _store.Crash();
    }

    private void StartWorker()
    {
        var dead = _workers.FindAll(worker => !worker.IsAlive);
        if (dead.Count > 0 && (_workers.Count == MostWorkers || _chance.Below(2) == 0))
        {
            _tally.Add(Fault.WorkerCameBack);
            Start(dead[_chance.Below(dead.Count)]);
        }
        else if (_workers.Count < MostWorkers)
        {
            // The order of addresses is not the order of arrival.
            _workers.Add(new SimulatedWorker($"w{_chance.Below(100)}-{_workers.Count}", 1 + _chance.Below(3)));
            Start(_workers[^1]);
        }
    }

    private static void Start(SimulatedWorker worker) => worker.StartProcess();

    private void CrashWorker()
    {
        var living = _workers.FindAll(worker => worker.IsAlive);
        if (living.Count > 0)
        {
            _tally.Add(Fault.WorkerCrashed);
            var worker = living[_chance.Below(living.Count)];
            Trace.Note("worker crashes", worker.Node?.Self);
            worker.Crash();
        }
    }

    /// <summary>A worker sees that its learner is gone, or that there is one.</summary>
    private void Look(SimulatedWorker worker)
    {
        if (worker.Node is { } node && node.Learner != _learner?.Self)
        {
            Trace.Note("worker leaves its learner", node.Self, node.Learner);
            worker.EndNode();
        }
        else if (worker is { IsAlive: true, Node: null } && _learner is not null)
        {
            var self = new Ref(worker.NextPath(), ++_uids);
            Trace.Note("worker finds a learner", self, _learner.Self);
            worker.Work(new SimulatedNode(
                self, _learner.Self, Registration(worker), _oracle.Plan, _chance, _network, Trace));
        }
    }

    private RegisterNode Registration(SimulatedWorker worker) => new(
        _settings.RunId,
        NodeProtocol.Version,
        _settings.IdentitySha256,
        _settings.ProblemSha256,
        worker.Slots,
        ProcessId: 1);

    /// <summary>The learner hears of a death; false if there is none that it has not heard of.</summary>
    private bool NoticeDeath()
    {
        var dead = _learner?.Watched.FirstOrDefault(watched => Nodes.All(node => node.Self != watched));
        if (dead is null || _learner!.Outcome is not null)
        {
            return false;
        }

        Trace.Note("learner hears of the death of", dead);
        _learner.Lose(dead);
        return true;
    }

    private void Deliver()
    {
        if (_network.Take() is not { } arrived)
        {
            return;
        }

        var (from, to, message) = arrived;
        Trace.Note("comes", message, from, to);
        if (to == _learner?.Self)
        {
            _tally.AddArrival(message.GetType().Name);
            _learner.Receive(from, message);
        }
        else if (Nodes.FirstOrDefault(node => node.Self == to) is { } node)
        {
            _tally.AddArrival(message.GetType().Name);
            node.Receive(message);
        }
        else
        {
            _tally.Add(Fault.ToTheDead);
        }
    }
}
