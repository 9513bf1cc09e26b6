namespace Involute.Runs.Configuration;

/// <summary>Keys with their values, in the order of the text.</summary>
internal sealed class HoconBlock(SourcePosition position) : HoconNode(position)
{
    private readonly OrderedDictionary<string, HoconNode> _entries = new(StringComparer.Ordinal);

    /// <summary>The keys of this block, without their path.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>Whether there are no keys.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Keys and values.</summary>
    public IEnumerable<KeyValuePair<string, HoconNode>> Entries => _entries;

    /// <inheritdoc/>
    public override string Description => "a block";

    /// <summary>The value of a key of this block, or null.</summary>
    public HoconNode? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>Sets or replaces a value; duplicates are the parser's concern.</summary>
    public void Set(string key, HoconNode value) => _entries[key] = value;

    /// <summary>This block with another one laid over it: blocks merge, other values are replaced.</summary>
    public HoconBlock Overlay(HoconBlock upper)
    {
        var result = new HoconBlock(upper.Position);
        foreach (var (key, node) in _entries.Concat(upper._entries))
        {
            result.Set(key, result[key] is HoconBlock lower && node is HoconBlock inner ? lower.Overlay(inner) : node);
        }

        return result;
    }

    /// <summary>The value at a dotted path below this block, or null.</summary>
    public HoconNode? Find(string path)
    {
        HoconNode? node = this;
        foreach (var key in path.Split('.'))
        {
            node = (node as HoconBlock)?[key];
        }

        return node;
    }
}
