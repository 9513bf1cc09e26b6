using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;

namespace Involute.Actors.Learning;

/// <summary>Which node each block is placed on, and by which attempt.</summary>
internal sealed class BlockHomes
{
    private readonly SortedDictionary<string, NodeMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<PairBlock, int> _indices;
    private readonly string?[] _homes;
    private readonly int[] _attempts;
    private readonly HashSet<string> _barred = new(StringComparer.Ordinal);
    private bool _membersChanged;

    public BlockHomes(IReadOnlyList<PairBlock> blocks)
    {
        Blocks = blocks;
        _indices = blocks.Select((block, index) => (block, index)).ToDictionary(pair => pair.block, pair => pair.index);
        _homes = new string?[blocks.Count];
        _attempts = new int[blocks.Count];
    }

    public IReadOnlyList<PairBlock> Blocks { get; }

    public bool HasNodes => _members.Count > 0;

    /// <summary>Blocks that live elsewhere than the members of now decide, with the home that they have.</summary>
    public IReadOnlyList<(int Block, string Home)> Misplaced
    {
        get
        {
            if (!HasNodes)
            {
                return [];
            }

            var wanted = Placement.Assign(Trusted, _homes.Length);
            return
            [
                .. Enumerable.Range(0, _homes.Length)
                    .Where(block => _homes[block] is { } home && home != wanted[block])
                    .Select(block => (block, _homes[block]!)),
            ];
        }
    }

    /// <summary>Whether there are such blocks; cheap while no member comes or goes.</summary>
    public bool HasMisplaced => _membersChanged && (_membersChanged = Misplaced.Count > 0);

    public IReadOnlyList<int> Homeless => [.. Enumerable.Range(0, _homes.Length).Where(block => _homes[block] is null)];

    // Bad nodes are better than none.
    private IReadOnlyCollection<NodeMember> Trusted =>
        _members.Values.Where(member => !_barred.Contains(member.Id)).ToList() is { Count: > 0 } trusted
            ? trusted
            : _members.Values;

    public bool IsMember(string id) => _members.ContainsKey(id);

    public void Join(NodeMember member)
    {
        _members[member.Id] = member;
        _membersChanged = true;
    }

    /// <summary>Makes the blocks of a node homeless; false if it was no member.</summary>
    public bool Leave(string id)
    {
        for (var block = 0; block < _homes.Length; block++)
        {
            if (_homes[block] == id)
            {
                _homes[block] = null;
            }
        }

        _membersChanged = true;
        _barred.Remove(id);
        return _members.Remove(id);
    }

    /// <summary>Gives a node no more blocks, until it joins anew; false if no trusted one would be left, or it is barred already.</summary>
    public bool Bar(string id)
    {
        if (!IsMember(id) || Trusted.All(member => member.Id == id) || !_barred.Add(id))
        {
            return false;
        }

        _membersChanged = true;
        return true;
    }

    /// <summary>The home of a block, or null.</summary>
    public string? Home(int block) => _homes[block];

    /// <summary>The newest placement of a block.</summary>
    public PlacedBlock Placed(int block) => new(Blocks[block], _attempts[block]);

    /// <summary>Whether a later attempt has taken the place of this one.</summary>
    public bool IsOver(PairBlock block, int attempt) =>
        _indices.TryGetValue(block, out var index) && attempt < _attempts[index];

    public void Evict(int block) => _homes[block] = null;

    /// <summary>Gives a block the home that the members decide, under a new attempt.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isBad">Whether a node is no good for it now; if all are, it is not asked.</param>
    public (string Node, int Attempt) Settle(int block, Predicate<string> isBad)
    {
        var good = Trusted.Where(member => !isBad(member.Id)).ToList();
        var node = Placement.Assign(good.Count > 0 ? good : Trusted, _homes.Length)[block];
        _homes[block] = node;
        return (node, ++_attempts[block]);
    }

    /// <summary>
    /// Index of a block that this attempt has placed; null if the attempt is over or the block unknown.
    /// </summary>
    public int? Find(PairBlock block, int attempt) =>
        _indices.TryGetValue(block, out var index) && _homes[index] is not null && _attempts[index] == attempt
            ? index
            : null;
}
