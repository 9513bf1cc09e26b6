using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Doubles;
using Involute.Runs;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// A learner, workers, a network and a store, and what can happen to each of them. What happens next is up to
/// <see cref="Simulation"/>.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private const int MostWorkers = 8;

    private readonly Oracle _oracle;
    private LearnerSettings _settings;
    private int _uids;

    public SimulatedWorld(long seed, Mischief mischief, Tally tally)
    {
        Chance = new Chance(seed);
        Weather = new Weather(Chance);
        _oracle = Oracles.Any(Chance);
        Tally = tally;
        Network = new Network(Chance, Weather, mischief, Trace, tally);
        var thetaBytes = (long)_oracle.Plan.ThetaLength * sizeof(float);
        _settings = TestRun.Settings(_oracle.Plan, _oracle.Steps, 1 + Chance.Below(5)) with
        {
            WaitsForNodes = true,
            MaxUnsavedSteps = Chance.Of(1, 2, 5, 256),
            MostStateBytesInMemory = Chance.Of(0, 0, 100, 1L << 20),
            MaxReplayBytes = Chance.Of(1, 2 * thetaBytes, 3 * thetaBytes, 1L << 20),
        };
        Store = new SimulatedStore(_settings.RunId, _settings.IdentitySha256, _oracle, Chance, Weather, tally);
        Failures = new FailureBudget(_settings.Run.MaxPairRestarts);
        StartLearner();
    }

    public Trace Trace { get; } = new();

    public Chance Chance { get; }

    public Weather Weather { get; }

    public Tally Tally { get; }

    public Network Network { get; }

    public SimulatedStore Store { get; }

    public FailureBudget Failures { get; }

    public List<SimulatedWorker> Workers { get; } = [];

    public SimulatedLearner? Learner { get; private set; }

    public bool HasFinished => Learner?.Outcome is { Status: RunStatus.Finished };

    public IEnumerable<SimulatedNode> Nodes =>
        Workers.Where(worker => worker.Node is not null).Select(worker => worker.Node!);

    public IEnumerable<(SimulatedNode Node, SimulatedPairs Pairs)> Readers => Nodes.SelectMany(
        node => node.Pairs.Where(pairs => pairs.Mail.Count > 0).Select(pairs => (node, pairs)));

    public void Dispose() => Workers.ForEach(worker => worker.EndNode());

    private void StartLearner()
    {
        Learner = new SimulatedLearner(new Ref("learner", ++_uids), _settings, _oracle, Network, Store, Trace);
        _settings = _settings with { Resume = true };
        Trace.Note("learner starts", Learner.Self);
    }

    public void EndLearner(Fault? fault)
    {
        if (fault is { } happened)
        {
            Tally.Add(happened);
        }

        Trace.Note("learner's process ends", Learner!.Self);
        Learner = null;
        Store.Crash();
    }

    public void StartWorker()
    {
        var dead = Workers.FindAll(worker => !worker.IsAlive);
        if (dead.Count > 0 && (Workers.Count == MostWorkers || Chance.Below(2) == 0))
        {
            Tally.Add(Fault.WorkerCameBack);
            Start(dead[Chance.Below(dead.Count)]);
        }
        else if (Workers.Count < MostWorkers)
        {
            // The order of addresses is not the order of arrival.
            Workers.Add(new SimulatedWorker($"w{Chance.Below(100)}-{Workers.Count}", 1 + Chance.Below(3)));
            Start(Workers[^1]);
        }
    }

    public static void Start(SimulatedWorker worker) => worker.StartProcess();

    public void CrashWorker()
    {
        var living = Workers.FindAll(worker => worker.IsAlive);
        if (living.Count > 0)
        {
            Tally.Add(Fault.WorkerCrashed);
            var worker = living[Chance.Below(living.Count)];
            Trace.Note("worker crashes", worker.Node?.Self);
            worker.Crash();
        }
    }

    /// <summary>A worker sees that its learner is gone, or that there is one.</summary>
    public void Look(SimulatedWorker worker)
    {
        if (worker.Node is { } node && node.Learner != Learner?.Self)
        {
            Trace.Note("worker leaves its learner", node.Self, node.Learner);
            worker.EndNode();
        }
        else if (worker is { IsAlive: true, Node: null } && Learner is not null)
        {
            var self = new Ref(worker.NextPath(), ++_uids);
            Trace.Note("worker finds a learner", self, Learner.Self);
            worker.Work(new SimulatedNode(
                self, Learner.Self, Registration(worker), _oracle.Plan, Chance, Network, Trace));
        }
    }

    private RegisterNode Registration(SimulatedWorker worker) => new(
        _settings.RunId,
        NodeProtocol.Version,
        _settings.IdentitySha256,
        _settings.Computation,
        worker.Slots,
        ProcessId: 1);

    /// <summary>Tells the learner of a death; false if it has heard of all.</summary>
    public bool NoticeDeath()
    {
        var dead = Learner?.Watched.FirstOrDefault(watched => Nodes.All(node => node.Self != watched));
        if (dead is null || Learner!.Outcome is not null)
        {
            return false;
        }

        Trace.Note("learner hears of the death of", dead);
        Learner.Lose(dead);
        return true;
    }

    public void Deliver()
    {
        if (Network.Take() is not { } arrived)
        {
            return;
        }

        var (from, to, message) = arrived;
        Trace.Note("comes", message, from, to);
        if (to == Learner?.Self)
        {
            Tally.AddArrival(message.GetType().Name);
            Learner.Receive(from, message);
        }
        else if (Nodes.FirstOrDefault(node => node.Self == to) is { } node)
        {
            Tally.AddArrival(message.GetType().Name);
            node.Receive(message);
        }
        else
        {
            Tally.Add(Fault.ToTheDead);
        }
    }

    // A run that was stopped, or whose last checkpoint failed, goes on as one that has crashed.
    public void Restart()
    {
        if (Learner is not null)
        {
            EndLearner(null);
        }

        _settings = _settings with { Run = _settings.Run with { CheckpointInterval = 1 + Chance.Below(5) } };
        StartLearner();
    }

    public void ToggleStore()
    {
        Trace.Note(Store.IsDown ? "store comes up" : "store goes down");
        if (Store.IsDown)
        {
            Store.ComeUp();
        }
        else
        {
            Store.GoDown();
        }
    }

    public void HearStore()
    {
        var answer = Store.Answers.Dequeue();
        Trace.Note("store says", answer);
        Learner!.Receive(answer);
    }
}
