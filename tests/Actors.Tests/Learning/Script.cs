using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Actors.Tests.Doubles;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Tests;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Learning;

/// <summary>Plays nodes, pairs and store to a <see cref="LearnerState"/> of three pairs.</summary>
internal sealed class Script
{
    public static readonly LearnerSettings Settings = Of();

    private readonly Dictionary<PairBlock, int> _attempts = [];
    private readonly Dictionary<PairBlock, string> _homes = [];
    private readonly Dictionary<string, NodeIdentity> _nodes = [];

    public static LearnerSettings Of(int outerSteps = 100, int checkpointInterval = 4) =>
        TestRun.Settings(TestPlans.Sgd(), outerSteps, checkpointInterval) with
        {
            // The states are made up: two bytes.
            StateProblem = (_, state, _) => state.Length == 2 ? null : $"{state.Length} bytes",
        };

    public Script(LearnerSettings? settings = null, bool withNode = true, Checkpoint? checkpoint = null)
    {
        State = new LearnerState(settings ?? Settings, checkpoint);
        Take(State.Start());
        if (withNode)
        {
            Join("a");
        }
    }

    public LearnerState State { get; }

    /// <summary>Effects of the last event.</summary>
    public IReadOnlyList<LearnerEffect> Effects { get; private set; } = [];

    public long Step => State.Outer.Theta.Version.Value;

    public IReadOnlyList<T> Wanted<T>()
        where T : LearnerEffect => [.. Effects.OfType<T>()];

    /// <summary>Messages that the last event sends to a node.</summary>
    public IReadOnlyList<T> Sent<T>(string node = "a")
        where T : IWireMessage =>
        [.. Wanted<LearnerEffect.SendToNode>()
            .Where(send => send.Node == node).Select(send => send.Message).OfType<T>()];

    /// <summary>Placements that the last event sends to a node.</summary>
    public IReadOnlyList<PlaceBlock> Placed(string node = "a") =>
        [.. Sent<PlaceBlocks>(node).SelectMany(it => it.Each)];

    /// <summary>A node registers: as one that is new, or that has come back without its pairs.</summary>
    public void Join(string node, int slots = 2) => Do(
        Registration(slots),
        _nodes[node] = new NodeIdentity(node, _nodes.Count + _nodes.GetValueOrDefault(node).Uid + 1));

    /// <summary>The same node registers once more.</summary>
    public void JoinAgain(string node) => Do(Registration(slots: 2), _nodes[node]);

    public void Lose(string node) => Do(new LearnerProtocol.NodeStopped(_nodes[node]));

    public void Do(object message, NodeIdentity? sender = null) =>
        Take(State.Receive(message, sender ?? _nodes.GetValueOrDefault("a")));

    private void Take(IReadOnlyList<LearnerEffect> effects)
    {
        Effects = effects;
        foreach (var send in Wanted<LearnerEffect.SendToNode>())
        {
            foreach (var place in (send.Message as PlaceBlocks)?.Blocks ?? [])
            {
                _attempts[place.Block] = place.Attempt;
                _homes[place.Block] = send.Node;
            }
        }
    }

    public int Attempt(int pair) => _attempts[new PairBlock(pair, 1)];

    public void Advance(
        int pair, float gradient = 1, int? attempt = null, long? version = null, byte[]? state = null,
        PairReport? report = null) =>
        Do(
            new WindowsAdvanced(Settings.RunId, [Window(
                pair, gradient, attempt ?? Attempt(pair), version ?? Step, state, report)]),
            Home(pair));

    /// <summary>The node that a pair was placed on last.</summary>
    public NodeIdentity? Home(int pair) =>
        _homes.TryGetValue(new PairBlock(pair, 1), out var home) && _nodes.TryGetValue(home, out var node) ? node : null;

    /// <summary>All pairs answer, last pair first.</summary>
    public void AdvanceAll(int steps = 1)
    {
        for (var step = 0; step < steps; step++)
        {
            Advance(2);
            Advance(1);
            Advance(0);
        }
    }

    public void Fail(int pair, string error = "Exception: no") =>
        Do(new BlockFailed(Settings.RunId, new PairBlock(pair, 1), Attempt(pair), new ThetaVersion(Step), Fatal: false, error),
        Home(pair));

    /// <summary>The store writes everything that it has been given.</summary>
    public void SaveAll(long upTo)
    {
        for (var step = 1L; step <= upTo; step++)
        {
            Do(new LedgerProtocol.StepSaved(step));
        }
    }

    private static RegisterNode Registration(int slots) => new(
        Settings.RunId, NodeProtocol.Version, Settings.IdentitySha256, Settings.Computation, slots, ProcessId: 1);

    private static WindowAdvanced Window(int pair, float gradient, int attempt, long version, byte[]? state, PairReport? report) => new(
        Settings.RunId,
        attempt,
        new PairContribution<float>(
            new PairBlock(pair, 1),
            new ThetaVersion(version),
            new[] { gradient },
            [report ?? new PairReport(pair, 0, 4, 4, 1, 0, 0, 0)]),
        state ?? [(byte)pair, (byte)version]);
}
