namespace Involute.Hosting.Configuration;

/// <summary>Keys with their values, in the order of the text.</summary>
internal sealed class HoconBlock(SourcePosition position) : HoconNode(position)
{
    private readonly OrderedDictionary<string, HoconNode> _entries = new(StringComparer.Ordinal);

    /// <summary>The keys of this block, without their path.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>Keys and values.</summary>
    public IEnumerable<KeyValuePair<string, HoconNode>> Entries => _entries;

    /// <inheritdoc/>
    public override string Description => "a block";

    /// <summary>The value of a key of this block, or null.</summary>
    public HoconNode? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>Sets or replaces a value; duplicates are the parser's concern.</summary>
    public void Set(string key, HoconNode value) => _entries[key] = value;

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
