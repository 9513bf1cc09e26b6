using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.LearnerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// The nodes, and which of them each block of pairs is placed on, under which attempt: when nodes come and go, when
/// blocks fail, and when a cut lets blocks move.
/// </summary>
/// <remarks>
/// A block is never dropped: one that fails or is lost is placed anew from the last cut, and replays the windows since.
/// </remarks>
/// <param name="settings">The run's.</param>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
/// <param name="homes">Where they live.</param>
/// <param name="delivery">Brings them there.</param>
/// <param name="cut">What blocks are made again from.</param>
/// <param name="emit">Takes what is to be done, in order.</param>
internal sealed class Placements(
    LearnerSettings settings, IReadOnlyList<PairBlock> blocks, BlockHomes homes, BlockDelivery delivery, ReplayCut cut,
    Action<LearnerEffect> emit)
{
    private const string ShutOutReason = "it has answered three times what it cannot have computed";
    private readonly BlockFailures _failures = new(settings, blocks, emit);
    private readonly KnownNodes _nodes = new();
    private bool _membersChanged;
    private bool _isClosed;

    /// <summary>Whether there is a node to place blocks on.</summary>
    public bool HasNodes => _nodes.Any;

    /// <summary>
    /// Whether blocks lived elsewhere than the members decide when <see cref="Recheck"/> last looked.
    /// </summary>
    public bool HasMisplaced { get; private set; }

    /// <summary>Why the run cannot go on; null while it can.</summary>
    public string? Hopeless { get; private set; }

    /// <summary>The step in flight, for nodes that come or have missed its theta; null if there is none.</summary>
    public ThetaPublished? Step { get; set; }

    /// <summary>The nodes by their paths, and how many windows each can compute at once.</summary>
    public IReadOnlyDictionary<string, int> Threads => _nodes.Threads;

    /// <summary>Blocks that were started again after a failure.</summary>
    public long Restarts => _failures.Total;

    /// <summary>Failures of placements that are over.</summary>
    public long StaleFailures { get; private set; }

    /// <summary>The node that a block lives on; empty if none.</summary>
    public string NodeOf(int block) => homes[block] ?? "";

    /// <summary>Whether a later attempt has taken the place of this one.</summary>
    public bool IsOver(PairBlock block, int attempt) => homes.IsOver(block, attempt);

    /// <summary>
    /// Index of a block that this attempt has placed; null if the attempt is over or the block unknown, or if a node
    /// says so that the block does not live on.
    /// </summary>
    public int? Find(PairBlock block, int attempt, NodeIdentity? sender) =>
        homes.Find(block, attempt) is { } index && (sender is null || sender.Value.Path == homes[index]) ? index : null;

    /// <summary>What nodes say of themselves and of their blocks.</summary>
    /// <param name="message">Of the run, or a registration.</param>
    /// <param name="sender">The node; null where the process says so.</param>
    /// <returns>False if the message is none of these.</returns>
    public bool Receive(object message, NodeIdentity? sender)
    {
        switch (message)
        {
            case RegisterNode node when sender is { } newcomer:
                Register(node, newcomer);
                return true;
            case NodeStopped stopped:
                Lose(stopped.Node);
                return true;
            case BlockFailed it:
                Fail(it.Block, it.Attempt, sender, ForeignText.Shown(it.Error), it.Fatal);
                return true;
            case BlockLost it:
                Fail(it.Block, it.Attempt, sender, "its actor stopped", fatal: false);
                return true;
            case BlockMissing it:
                PlaceMissing(it.Block, it.Attempt, sender);
                return true;
            case ThetaMissing it when sender is { } node:
                if (it.Version == Step?.Theta.Version && _nodes.Has(node.Path))
                {
                    emit(new SendToNode(node.Path, Step));
                }

                return true;
            case ProblemSaid it when sender is { } node && _nodes.Is(node):
                emit(NodeNews.Said(node.Path, it));
                return true;
            default:
                return message is ProblemSaid;
        }
    }

    /// <summary>The run's end is decided: nothing is placed any more.</summary>
    public void Close() => (_isClosed, Step) = (true, null);

    /// <summary>
    /// A block has failed: its next home is another node, if there is one that it has not failed on in this step.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="error">Why.</param>
    /// <param name="fatal">Whether another try is pointless.</param>
    public void Fail(int block, string error, bool fatal)
    {
        if (_failures.Add(block, cut, error, fatal) is { } hopeless)
        {
            Hopeless = hopeless;
            return;
        }

        _nodes.Failed(block, homes[block]!);
        homes.Unsettle(block);
        PlaceHomeless();
    }

    /// <summary>A block is placed anew from the cut, because an operator wants it; nothing has failed.</summary>
    public void Restart(int block) => Move([block]);

    /// <summary>
    /// A node has answered what it cannot have computed: its fault, not the block's. The block starts again elsewhere,
    /// if there is another node; a node that does so <see cref="KnownNodes.MostMalformed"/> times is shut out.
    /// </summary>
    public void Reject(int block, string problem)
    {
        var node = homes[block]!;
        var count = _nodes.CountMalformed(node);
        emit(NodeNews.WrongAnswer(node, blocks[block], cut, problem, count));
        _nodes.Failed(block, node);
        homes.Unsettle(block);
        if (count >= KnownNodes.MostMalformed)
        {
            emit(NodeNews.ShutOut(node, ShutOutReason));
            emit(new SendToNode(node, new NodeRefused(settings.RunId, ShutOutReason)));
            emit(new ForgetNode(_nodes.Identity(node)));
            _nodes.ShutOut(node);
            Leave(node);
        }

        GoOnWithout("it was shut out");
    }

    /// <summary>
    /// A node has answered what another would have to confirm: the block is asked of it, and <see cref="StepDone"/> tells
    /// which of the two was wrong.
    /// </summary>
    public void AskAnother(int block, string doubt)
    {
        emit(NodeNews.InDoubt(homes[block]!, blocks[block], cut, doubt));
        _nodes.Failed(block, homes[block]!);
        homes.Unsettle(block);
        PlaceHomeless();
    }

    /// <summary>Whether a block can be tried on a node that it has not failed on in this step.</summary>
    public bool HasAnotherHome(int block) => _nodes.HasAnotherHome(block, homes[block]!);

    /// <summary>A step is done: nodes on which blocks failed that did well elsewhere may get no more.</summary>
    /// <remarks>Their blocks move at the next cut, like those of any change of members.</remarks>
    public void StepDone()
    {
        _failures.StepDone(cut.Now.Next);
        foreach (var node in _nodes.StepDone(cut.Now, block => homes[block]))
        {
            _membersChanged = true;
            emit(NodeNews.Distrusted(node, _failures.Last));
        }
    }

    /// <summary>Nodes are asked for what has not come from their blocks.</summary>
    /// <param name="isAwaited">Whether a block has been asked and has not answered.</param>
    public void Remind(Func<int, bool> isAwaited)
    {
        var awaited = Enumerable.Range(0, blocks.Count)
            .Where(block => homes[block] is not null && !delivery.IsUnderWay(block) && isAwaited(block)).ToList();
        foreach (var node in awaited.GroupBy(block => homes[block]!, homes.Placed))
        {
            emit(new SendToNode(node.Key, new StepReminder(settings.RunId, cut.Now, [.. node])));
        }

        delivery.Ask(awaited);
    }

    /// <summary>Asks blocks for their states, for a checkpoint.</summary>
    /// <param name="asked">Which.</param>
    /// <param name="isAwaited">From now on: whether a block that is placed anew has to be asked too.</param>
    public void AskForStates(IEnumerable<int> asked, Func<int, bool> isAwaited) =>
        delivery.AskForStates(asked, isAwaited);

    /// <summary>States that stand in the store have come: their blocks are placed.</summary>
    public void StatesLoaded(IReadOnlyList<PairSnapshot> states)
    {
        if (!_isClosed)
        {
            delivery.StatesLoaded(states);
        }
    }

    /// <summary>Looks whether blocks live elsewhere than the members decide; cheap while none comes or goes.</summary>
    public void Recheck() => HasMisplaced = _membersChanged && (_membersChanged = Misplaced().Count > 0);

    /// <summary>Moves blocks that live elsewhere than the members decide: at a fresh cut, so that nothing is replayed.</summary>
    public void Rebalance() => Move(Misplaced());

    private void Move(IEnumerable<int> moved)
    {
        foreach (var block in moved)
        {
            if (!delivery.IsUnderWay(block))
            {
                emit(new SendToNode(
                    homes[block]!, new ReleaseBlock(settings.RunId, blocks[block], homes.Placed(block).Attempt)));
            }

            homes.Unsettle(block);
        }

        PlaceHomeless();
    }

    private void Register(RegisterNode node, NodeIdentity sender)
    {
        if ((_nodes.IsShutOut(sender) ? ShutOutReason : NodeAdmission.Refusal(settings, node)) is { } reason)
        {
            emit(new Reply(new NodeRefused(node.RunId, reason)));
            return;
        }

        // The same actor once more: our answer was late. Another one of that path has lost its pairs.
        emit(new Reply(new NodeAccepted(node.RunId)));
        if (_nodes.Is(sender))
        {
            return;
        }

        emit(new AdmitNode(sender, node));
        Leave(sender.Path);
        _nodes.Add(sender, node.Slots);
        if (NodeNews.Joined(sender.Path, node.Slots) is { } news)
        {
            emit(news);
        }

        PlaceHomeless();
        if (Step is not null)
        {
            emit(new SendToNode(sender.Path, Step));
        }
    }

    private void Lose(NodeIdentity node)
    {
        if (!_nodes.Is(node))
        {
            return;
        }

        emit(new ForgetNode(node));
        Leave(node.Path);
        if (_isClosed)
        {
            return;
        }

        emit(NodeNews.Left(node.Path));
        GoOnWithout("it stopped");
    }

    private void GoOnWithout(string reason)
    {
        PlaceHomeless();
        if (!HasNodes && !settings.WaitsForNodes)
        {
            Hopeless = $"no node is left ({reason}){(_failures.Last is null ? "" : $"; {_failures.Last}")}";
        }
    }

    private void Leave(string id)
    {
        foreach (var block in homes.On(id))
        {
            homes.Unsettle(block);
        }

        _membersChanged = true;
        _nodes.Remove(id);
    }

    private void Fail(PairBlock block, int attempt, NodeIdentity? sender, string error, bool fatal)
    {
        if (_isClosed || Find(block, attempt, sender) is not { } index)
        {
            StaleFailures++;
        }
        else
        {
            Fail(index, error, fatal);
        }
    }

    // A node does not know of a placement, or it cannot go on: a message was lost, nothing has failed.
    private void PlaceMissing(PairBlock block, int attempt, NodeIdentity? sender)
    {
        if (!_isClosed && Find(block, attempt, sender) is { } index)
        {
            homes.Unsettle(index);
            PlaceHomeless();
        }
    }

    // From the cut.
    private void PlaceHomeless()
    {
        if (_isClosed || !HasNodes)
        {
            return;
        }

        var homeless = homes.Homeless();
        foreach (var block in homeless)
        {
            homes.Settle(block, _nodes.HomeOf(block, blocks.Count));
        }

        delivery.Deliver(homeless);
    }

    // Without a node nothing is misplaced.
    private List<int> Misplaced() => !HasNodes ? [] :
    [
        .. Enumerable.Range(0, blocks.Count).Where(
            block => homes[block] is { } home && home != _nodes.Homes(blocks.Count)[block]),
    ];
}
