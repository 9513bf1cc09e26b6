using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;

namespace Involute.Actors.Learning;

/// <summary>
/// The states of all blocks at one step, as they come. Small ones are asked for together and stay in memory. Large ones go to
/// the store, a few at a time: the run waits for them, and never holds more than a small share of them in memory.
/// </summary>
internal sealed class StateCollection
{
    // Of all states, those that are in memory on their way to the store; at least one group of blocks.
    private const int Share = 40;

    private readonly IReadOnlyList<PairBlock> _blocks;
    private readonly IReadOnlyList<long> _bytes;
    private readonly Action<LearnerEffect> _emit;
    private readonly IReadOnlyList<IReadOnlyList<int>> _groups;
    private readonly long _mostUnderWay;
    private readonly PairSnapshot?[] _states;
    private readonly HashSet<int> _asked = [];
    private int _asking;
    private int _done;
    private long _underWay;

    /// <param name="settings">The run's: how many bytes of states stay in memory.</param>
    /// <param name="blocks">Its blocks of pairs, in pair order.</param>
    /// <param name="emit">Takes what is to be done, in order.</param>
    public StateCollection(LearnerSettings settings, IReadOnlyList<PairBlock> blocks, Action<LearnerEffect> emit)
    {
        (_blocks, _emit) = (blocks, emit);
        _bytes = settings.StateBytes(blocks);
        var all = _bytes.Sum();
        IsInStore = all > settings.MostStateBytesInMemory;
        var each = Enumerable.Range(0, blocks.Count);
        _groups = IsInStore ? [.. CheckpointParts.Groups(each, block => _bytes[block])] : [[.. each]];
        _mostUnderWay = IsInStore ? all / Share : long.MaxValue;
        _states = new PairSnapshot?[blocks.Count];
    }

    /// <summary>Whether the states go to the store.</summary>
    public bool IsInStore { get; }

    /// <summary>Whether all have come, and are where they go.</summary>
    public bool IsComplete => _done == _groups.Count;

    /// <summary>The states, in pair order; only when complete.</summary>
    public IReadOnlyList<PairSnapshot> States => [.. _states.Select(state => state!)];

    /// <summary>Begins anew.</summary>
    /// <returns>The blocks to ask.</returns>
    public IReadOnlyList<int> Begin()
    {
        Array.Clear(_states);
        _asked.Clear();
        (_asking, _done, _underWay) = (0, 0, 0);
        return AskMore();
    }

    /// <summary>Whether a block has been asked and has not answered.</summary>
    public bool Awaits(int block) => _asked.Contains(block);

    /// <summary>A block's state has come, which was awaited.</summary>
    public void Take(int block, ReadOnlyMemory<byte> state)
    {
        _asked.Remove(block);
        _states[block] = new PairSnapshot(_blocks[block], state);
        var group = GroupOf(block);
        if (_groups[group].Any(it => _states[it] is null))
        {
            return;
        }

        if (IsInStore)
        {
            _emit(new StoreStates(group, [.. _groups[group].Select(it => _states[it]!)]));
        }
        else
        {
            _done++;
        }
    }

    /// <summary>The states of a group are in the store.</summary>
    /// <returns>The blocks to ask now.</returns>
    public IReadOnlyList<int> Stored(int group, StateGroup stored)
    {
        foreach (var block in _groups[group])
        {
            _states[block] = new PairSnapshot(_blocks[block], default) { Stored = stored };
            _underWay -= _bytes[block];
        }

        _done++;
        return AskMore();
    }

    private List<int> AskMore()
    {
        List<int> more = [];
        for (; _asking < _groups.Count; _asking++)
        {
            var bytes = _groups[_asking].Sum(block => _bytes[block]);
            if (_underWay > 0 && _underWay + bytes > _mostUnderWay)
            {
                break;
            }

            _underWay += bytes;
            more.AddRange(_groups[_asking]);
        }

        _asked.UnionWith(more);
        return more;
    }

    // Groups are ranges of blocks, in order.
    private int GroupOf(int block)
    {
        var (first, last) = (0, _groups.Count - 1);
        while (first < last)
        {
            var middle = (first + last) / 2;
            (first, last) = _groups[middle][^1] < block ? (middle + 1, last) : (first, middle);
        }

        return first;
    }
}
