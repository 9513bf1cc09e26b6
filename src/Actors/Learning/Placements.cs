using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
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
/// <param name="cut">What blocks are made again from.</param>
/// <param name="emit">Takes what is to be done, in order.</param>
internal sealed class Placements(
    LearnerSettings settings, IReadOnlyList<PairBlock> blocks, ReplayCut cut, Action<LearnerEffect> emit)
{
    private readonly Dictionary<PairBlock, int> _indices =
        blocks.Select((block, index) => (block, index)).ToDictionary(it => it.block, it => it.index);

    private readonly string?[] _homes = new string?[blocks.Count];
    private readonly int[] _attempts = new int[blocks.Count];
    private readonly (ThetaVersion Version, int Count)[] _failures = new (ThetaVersion, int)[blocks.Count];
    private readonly SortedDictionary<string, NodeMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeIdentity> _identities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _barred = new(StringComparer.Ordinal);
    private readonly NodeFaults _faults = new();
    private bool _membersChanged;
    private bool _isClosed;
    private string? _lastFailure;

    /// <summary>Whether there is a node to place blocks on.</summary>
    public bool HasNodes => _members.Count > 0;

    /// <summary>
    /// Whether blocks lived elsewhere than the members decide when <see cref="Recheck"/> last looked.
    /// </summary>
    public bool HasMisplaced { get; private set; }

    /// <summary>Why the run cannot go on; null while it can.</summary>
    public string? Hopeless { get; private set; }

    /// <summary>The step in flight, for nodes that come or have missed its theta; null if there is none.</summary>
    public ThetaPublished? Step { get; set; }

    /// <summary>Whether blocks that are placed send their states at once, for the checkpoint of a stop.</summary>
    public bool WantsStates { get; set; }

    /// <summary>Failures of placements that are over.</summary>
    public long StaleFailures { get; private set; }

    // Bad nodes are better than none.
    private IReadOnlyCollection<NodeMember> Trusted =>
        _members.Values.Where(member => !_barred.Contains(member.Id)).ToList() is { Count: > 0 } trusted
            ? trusted
            : _members.Values;

    /// <summary>Whether a later attempt has taken the place of this one.</summary>
    public bool IsOver(PairBlock block, int attempt) =>
        _indices.TryGetValue(block, out var index) && attempt < _attempts[index];

    /// <summary>
    /// Index of a block that this attempt has placed; null if the attempt is over or the block unknown.
    /// </summary>
    public int? Find(PairBlock block, int attempt) =>
        _indices.TryGetValue(block, out var index) && _homes[index] is not null && _attempts[index] == attempt
            ? index
            : null;

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
                Fail(it.Block, it.Attempt, it.Error, it.Fatal);
                return true;
            case BlockLost it:
                Fail(it.Block, it.Attempt, "its actor stopped", fatal: false);
                return true;
            case BlockMissing it:
                PlaceMissing(it.Block, it.Attempt);
                return true;
            case ThetaMissing it when sender is { } node:
                if (it.Version == Step?.Theta.Version && _members.ContainsKey(node.Path))
                {
                    emit(new SendToNode(node.Path, Step));
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The end of the run is decided: nothing is placed any more.</summary>
    public void Close() => (_isClosed, Step) = (true, null);

    /// <summary>
    /// A block has failed: its next home is another node, if there is one that it has not failed on in this step.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="error">Why.</param>
    /// <param name="fatal">Whether another try is pointless.</param>
    public void Fail(int block, string error, bool fatal)
    {
        var version = cut.Now;
        var failure = $"{blocks[block]} failed in outer step {version.Next} "
            + $"(seed {settings.Plan.Windows.Seed}): {error}";
        if (fatal)
        {
            Hopeless = failure;
            return;
        }

        _lastFailure = failure;
        var before = _failures[block];
        var count = before.Version == version ? before.Count + 1 : 1;
        _failures[block] = (version, count);
        if (count > settings.Run.MaxPairRestarts)
        {
            Hopeless = $"{failure}, again after {settings.Run.MaxPairRestarts} restarts";
            return;
        }

        emit(new Warn($"{failure}; restart {count} of {settings.Run.MaxPairRestarts}, from step {cut.Version}"));
        _faults.Failed(block, _homes[block]!);
        _homes[block] = null;
        PlaceHomeless();
    }

    /// <summary>A step is done: nodes on which blocks failed that did well elsewhere may get no more.</summary>
    /// <remarks>Their blocks move at the next cut, like those of any change of members.</remarks>
    public void StepDone()
    {
        foreach (var node in _faults.StepDone(cut.Now, block => _homes[block]))
        {
            if (Bar(node))
            {
                emit(new Warn(
                    $"node {node} gets no more pairs until it is started again: {NodeFaults.Limit} times pairs failed "
                    + $"there and succeeded elsewhere; the last failure: {_lastFailure}"));
            }
        }
    }

    /// <summary>Nodes are asked for what has not come from their blocks.</summary>
    /// <param name="hasAnswered">Whether a block has.</param>
    public void Remind(Func<int, bool> hasAnswered)
    {
        var awaited = Enumerable.Range(0, blocks.Count)
            .Where(block => _homes[block] is not null && !hasAnswered(block)).ToList();
        foreach (var node in awaited.GroupBy(block => _homes[block]!, Placed))
        {
            emit(new SendToNode(node.Key, new StepReminder(settings.RunId, cut.Now, [.. node])));
        }

        if (WantsStates)
        {
            awaited.ForEach(AskForState);
        }
    }

    /// <summary>Asks all blocks for their states.</summary>
    public void AskForStates() => Enumerable.Range(0, blocks.Count).ToList().ForEach(AskForState);

    /// <summary>Looks whether blocks live elsewhere than the members decide; cheap while none comes or goes.</summary>
    public void Recheck() => HasMisplaced = _membersChanged && (_membersChanged = Misplaced().Count > 0);

    /// <summary>Moves blocks that live elsewhere than the members decide.</summary>
    /// <remarks>Only at a fresh cut, so that a move costs the state's way to its new home and no replay.</remarks>
    public void Rebalance()
    {
        foreach (var block in Misplaced())
        {
            emit(new SendToNode(
                _homes[block]!, new ReleaseBlock(settings.RunId, blocks[block], _attempts[block])));
            _homes[block] = null;
        }

        PlaceHomeless();
    }

    private void Register(RegisterNode node, NodeIdentity sender)
    {
        if (NodeAdmission.Refusal(settings, node) is { } reason)
        {
            emit(new Reply(new NodeRefused(node.RunId, reason)));
            return;
        }

        // The same actor once more: our answer was late. Another one of that path has lost its pairs.
        emit(new Reply(new NodeAccepted(node.RunId)));
        if (_identities.TryGetValue(sender.Path, out var known) && known == sender)
        {
            return;
        }

        emit(new AdmitNode(sender, node));
        Leave(sender.Path);
        _identities[sender.Path] = sender;
        _members[sender.Path] = new NodeMember(sender.Path, node.Slots);
        PlaceHomeless();
        if (Step is not null)
        {
            emit(new SendToNode(sender.Path, Step));
        }
    }

    private void Lose(NodeIdentity node)
    {
        if (!_identities.TryGetValue(node.Path, out var known) || known != node)
        {
            return;
        }

        emit(new ForgetNode(node));
        Leave(node.Path);
        if (_isClosed)
        {
            return;
        }

        emit(new Warn($"node {node.Path} is gone (it stopped)"));
        PlaceHomeless();
        if (!HasNodes && !settings.WaitsForNodes)
        {
            Hopeless = $"no node is left (it stopped){(_lastFailure is null ? "" : $"; {_lastFailure}")}";
        }
    }

    private void Leave(string id)
    {
        for (var block = 0; block < blocks.Count; block++)
        {
            _homes[block] = _homes[block] == id ? null : _homes[block];
        }

        _membersChanged = true;
        _faults.Forget(id);
        _barred.Remove(id);
        _members.Remove(id);
        _identities.Remove(id);
    }

    private void Fail(PairBlock block, int attempt, string error, bool fatal)
    {
        if (_isClosed || Find(block, attempt) is not { } index)
        {
            StaleFailures++;
        }
        else
        {
            Fail(index, error, fatal);
        }
    }

    // A node does not know of a placement, or it cannot go on: a message was lost, nothing has failed.
    private void PlaceMissing(PairBlock block, int attempt)
    {
        if (!_isClosed && Find(block, attempt) is { } index)
        {
            _homes[index] = null;
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

        var thetas = cut.Thetas;
        var homeless = Enumerable.Range(0, blocks.Count).Where(block => _homes[block] is null).ToList();
        homeless.ForEach(Settle);
        foreach (var node in homeless.GroupBy(block => _homes[block]!, block => cut.Of(block, Placed(block))))
        {
            foreach (var part in ReplayCut.InParts(node, settings.MaxReplayBytes))
            {
                emit(new SendToNode(node.Key, new PlaceBlocks(settings.RunId, cut.Version, thetas, part)));
            }
        }

        if (WantsStates)
        {
            homeless.ForEach(AskForState);
        }
    }

    private void AskForState(int block)
    {
        if (_homes[block] is { } node)
        {
            emit(new SendToNode(node, new SaveState(settings.RunId, blocks[block], cut.Now)));
        }
    }

    // The newest placement of a block.
    private PlacedBlock Placed(int block) => new(blocks[block], _attempts[block]);

    private List<int> Misplaced()
    {
        if (!HasNodes)
        {
            return [];
        }

        var wanted = Placement.Assign(Trusted, blocks.Count);
        return [.. Enumerable.Range(0, blocks.Count).Where(
            block => _homes[block] is { } home && home != wanted[block])];
    }

    // The home that the members decide; a node on which the block has failed in this step only if there is no other.
    private void Settle(int block)
    {
        var good = Trusted.Where(member => !_faults.HasFailed(block, member.Id)).ToList();
        _homes[block] = Placement.Assign(good.Count > 0 ? good : Trusted, blocks.Count)[block];
        _attempts[block]++;
    }

    // No more blocks until it joins anew; not if no trusted node would be left, or it is barred already.
    private bool Bar(string id)
    {
        if (!_members.ContainsKey(id) || Trusted.All(member => member.Id == id) || !_barred.Add(id))
        {
            return false;
        }

        _membersChanged = true;
        return true;
    }
}
