using Involute.Actors.Protocol;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// Brings blocks to the nodes that they live on, made from the cut, and asks them for their states. States that stand in the
/// store are loaded first, a few at a time.
/// </summary>
/// <param name="settings">The run's.</param>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
/// <param name="homes">Where they live.</param>
/// <param name="cut">What they are made from.</param>
/// <param name="emit">Takes what is to be done, in order.</param>
internal sealed class BlockDelivery(
    LearnerSettings settings, IReadOnlyList<PairBlock> blocks, BlockHomes homes, ReplayCut cut, Action<LearnerEffect> emit)
{
    // Blocks whose states have to be loaded, under the attempt that they have then.
    private readonly Queue<(int Block, int Attempt)> _waiting = new();
    private readonly Dictionary<int, int> _underWay = [];
    private List<(int Block, int Attempt, StateGroup Group)>? _loading;
    private Func<int, bool> _awaitsState = _ => false;

    /// <summary>Whether a block's state is being loaded: its node knows nothing of it yet.</summary>
    public bool IsUnderWay(int block) =>
        _underWay.TryGetValue(block, out var attempt) && attempt == homes.Placed(block).Attempt;

    /// <summary>Blocks have new homes.</summary>
    public void Deliver(IReadOnlyList<int> settled)
    {
        foreach (var block in settled.Where(block => cut.StoredIn(block) is not null))
        {
            var attempt = homes.Placed(block).Attempt;
            _underWay[block] = attempt;
            _waiting.Enqueue((block, attempt));
        }

        var inMemory = settled.Where(block => cut.StoredIn(block) is null).ToList();
        foreach (var node in inMemory.GroupBy(block => homes[block]!, block => cut.Of(block, homes.Placed(block))))
        {
            foreach (var part in ReplayCut.InParts(node, settings.MaxReplayBytes))
            {
                Place(node.Key, part);
            }
        }

        LoadNext();
        Ask(inMemory);
    }

    /// <summary>The states that were asked for have come from the store.</summary>
    public void StatesLoaded(IReadOnlyList<PairSnapshot> states)
    {
        var loaded = _loading ?? throw new InvalidOperationException("no states are being loaded");
        _loading = null;
        var byBlock = states.ToDictionary(state => state.Block, state => state.State);

        // Not of an attempt that is over, and not of a cut that is: a state without the thetas that follow it is wrong.
        var current = loaded.Where(it => IsCurrent(it.Block, it.Attempt)).ToList();
        var placed = current.Where(it => ReferenceEquals(it.Group, cut.StoredIn(it.Block))).ToList();
        placed.ForEach(it => _underWay.Remove(it.Block));
        foreach (var node in placed.GroupBy(it => homes[it.Block]!))
        {
            Place(node.Key, [.. node.Select(it => new BlockState(blocks[it.Block], it.Attempt, byBlock[blocks[it.Block]]))]);
        }

        Ask(placed.Select(it => it.Block));
        Deliver([.. current.Except(placed).Select(it => it.Block)]);
    }

    /// <summary>Asks blocks for their states, for a checkpoint.</summary>
    /// <param name="asked">Which.</param>
    /// <param name="isAwaited">From now on: whether a block that is placed anew has to be asked too.</param>
    public void AskForStates(IEnumerable<int> asked, Func<int, bool> isAwaited)
    {
        _awaitsState = isAwaited;
        Ask(asked);
    }

    /// <summary>Asks those of some blocks whose states are awaited.</summary>
    public void Ask(IEnumerable<int> some)
    {
        foreach (var block in some.Where(block => _awaitsState(block) && !IsUnderWay(block)))
        {
            if (homes[block] is { } node)
            {
                emit(new SendToNode(node, new SaveState(settings.RunId, blocks[block], cut.Now)));
            }
        }
    }

    private bool IsCurrent(int block, int attempt) =>
        homes[block] is not null && homes.Placed(block).Attempt == attempt;

    private void Place(string node, IReadOnlyList<BlockState> states) =>
        emit(new SendToNode(node, new PlaceBlocks(settings.RunId, cut.Version, cut.Thetas, states)));

    // Blocks of one group come one after the other.
    private void LoadNext()
    {
        if (_loading is not null)
        {
            return;
        }

        List<StateGroup> groups = [];
        List<(int, int, StateGroup)> loading = [];
        List<int> inMemory = [];
        var bytes = 0L;
        while (_waiting.TryPeek(out var next))
        {
            var group = cut.StoredIn(next.Block);
            var isNew = groups.Count == 0 || !ReferenceEquals(groups[^1], group);
            if (!IsCurrent(next.Block, next.Attempt))
            {
                _waiting.Dequeue();
                continue;
            }

            if (group is null)
            {
                inMemory.Add(next.Block);
                _underWay.Remove(next.Block);
                _waiting.Dequeue();
                continue;
            }

            if (isNew && groups.Count > 0 && bytes + group.Bytes > settings.MostStateBytesInMemory)
            {
                break;
            }

            if (isNew)
            {
                groups.Add(group);
                bytes += group.Bytes;
            }

            loading.Add((next.Block, next.Attempt, group));
            _waiting.Dequeue();
        }

        if (groups.Count > 0)
        {
            _loading = loading;
            emit(new LoadStates(groups));
        }

        if (inMemory.Count > 0)
        {
            Deliver(inMemory);
        }
    }
}
