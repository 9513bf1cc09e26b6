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
    private readonly Dictionary<string, NodeIdentity> _nodes = [];

    public static LearnerSettings Of(int outerSteps = 100, int checkpointInterval = 4) =>
        TestRun.Settings(TestPlans.Sgd(), outerSteps, checkpointInterval);

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
        new RegisterNode(
            Settings.RunId, NodeProtocol.Version, Settings.IdentitySha256, Settings.Computation, slots, ProcessId: 1),
        _nodes[node] = new NodeIdentity(node, _nodes.Count + _nodes.GetValueOrDefault(node).Uid + 1));

    public void Lose(string node) => Do(new LearnerProtocol.NodeStopped(_nodes[node]));

    public void Do(object message, NodeIdentity? sender = null) =>
        Take(State.Receive(message, sender ?? _nodes.GetValueOrDefault("a")));

    private void Take(IReadOnlyList<LearnerEffect> effects)
    {
        Effects = effects;
        var placed = Wanted<LearnerEffect.SendToNode>().Select(send => send.Message).OfType<PlaceBlocks>();
        foreach (var place in placed.SelectMany(it => it.Blocks))
        {
            _attempts[place.Block] = place.Attempt;
        }
    }

    public int Attempt(int pair) => _attempts[new PairBlock(pair, 1)];

    public void Advance(
        int pair, float gradient = 1, int? attempt = null, long? version = null, byte[]? state = null) =>
        Do(new WindowsAdvanced(Settings.RunId, [Window(
            pair, gradient, attempt ?? Attempt(pair), version ?? Step, state)]));

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
        Do(new BlockFailed(Settings.RunId, new PairBlock(pair, 1), Attempt(pair), new ThetaVersion(Step), Fatal: false, error));

    /// <summary>The store writes everything that it has been given.</summary>
    public void SaveAll(long upTo)
    {
        for (var step = 1L; step <= upTo; step++)
        {
            Do(new LedgerProtocol.StepSaved(step));
        }
    }

    private static WindowAdvanced Window(int pair, float gradient, int attempt, long version, byte[]? state) => new(
        Settings.RunId,
        attempt,
        new PairContribution<float>(
            new PairBlock(pair, 1),
            new ThetaVersion(version),
            new[] { gradient },
            [new PairReport(pair, 0, 4, 4, 1, 0, 0, 0)]),
        state ?? [(byte)pair, (byte)version]);
}
