using Involute.Actors.Protocol;
using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>The node on which each block lives, and under which attempt.</summary>
/// <remarks>What it costs to place one block does not grow with their number: there may be 100,000.</remarks>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
internal sealed class BlockHomes(IReadOnlyList<PairBlock> blocks)
{
    private readonly Dictionary<PairBlock, int> _indices =
        blocks.Select((block, index) => (block, index)).ToDictionary(it => it.block, it => it.index);

    private readonly string?[] _homes = new string?[blocks.Count];
    private readonly int[] _attempts = new int[blocks.Count];
    private readonly SortedSet<int> _homeless = [.. Enumerable.Range(0, blocks.Count)];

    /// <summary>How many there are.</summary>
    public int Count => blocks.Count;

    /// <summary>The node of a block; null if it has none.</summary>
    public string? this[int block] => _homes[block];

    /// <summary>The newest placement of a block.</summary>
    public PlacedBlock Placed(int block) => new(blocks[block], _attempts[block]);

    /// <summary>Where a block lives, for people.</summary>
    public BlockHome Shown(int block) => new(blocks[block], _homes[block], _attempts[block]);

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

    /// <summary>A block gets a home: its next attempt begins.</summary>
    public void Settle(int block, string home)
    {
        _homes[block] = home;
        _attempts[block]++;
        _homeless.Remove(block);
    }

    /// <summary>A block loses its home.</summary>
    public void Unsettle(int block)
    {
        _homes[block] = null;
        _homeless.Add(block);
    }

    /// <summary>The blocks without a home, in pair order.</summary>
    public IReadOnlyList<int> Homeless() => [.. _homeless];

    /// <summary>The blocks on a node, in pair order.</summary>
    public IReadOnlyList<int> On(string node) => [.. Enumerable.Range(0, blocks.Count).Where(it => _homes[it] == node)];
}
