namespace Involute.Hosting.Configuration;

/// <summary>Settings that are laid over each other: later layers win, key by key.</summary>
/// <remarks>
/// A block that is chosen by name may be given by its name alone. When a layer changes the name, options of lower
/// layers stay where the new name has them too; the rest is dropped, and what is missing comes from
/// <paramref name="defaults"/>.
/// </remarks>
/// <param name="defaults">Options of every name, as block.name.option.</param>
internal sealed class ConfigurationLayers(HoconBlock defaults)
{
    /// <summary>The key that all settings stand under.</summary>
    public const string Root = "involute";

    private readonly HashSet<HoconNode> _fromDefaults = [];

    /// <summary>The tree so far, as if written in one place.</summary>
    public HoconBlock? Merged { get; private set; }

    /// <summary>Lays the tree below <c>involute</c> of one text over what is there.</summary>
    /// <param name="layer">The tree.</param>
    /// <param name="isComplete">
    /// The layer is a whole configuration, in which a missing key is an error and not to be filled in.
    /// </param>
    /// <param name="areDefaults">Nobody has written it for this run: its options go with the name they were meant for.</param>
    public void Add(HoconBlock layer, bool isComplete = false, bool areDefaults = false)
    {
        Merged ??= new HoconBlock(layer.Position);
        foreach (var (key, node) in layer.Entries)
        {
            var table = KnownNames.All.FirstOrDefault(table => table.Block == key);
            Merged.Set(key, table is null ? node : Overlay(table, Merged[key] as HoconBlock, node, isComplete));
            if (areDefaults && node is HoconBlock block)
            {
                _fromDefaults.UnionWith(block.Entries.Select(entry => entry.Value));
            }
        }
    }

    private HoconNode Overlay(NameTable table, HoconBlock? lower, HoconNode upper, bool isComplete)
    {
        if (upper is HoconScalar { IsQuoted: true } or HoconScalar { Text: not "null" })
        {
            var named = new HoconBlock(upper.Position);
            named.Set(table.NameKey, upper);
            upper = named;
        }

        if (upper is not HoconBlock block)
        {
            return upper;
        }

        var result = new HoconBlock(block.Position);
        var name = block[table.NameKey];
        if (name is null)
        {
            Copy(lower, result, _ => true);
        }
        else
        {
            var choice = table.Resolve(name);
            var isChanged = lower?[table.NameKey] is not { } old || table.Resolve(old) != choice;
            Copy(lower, result, entry => isChanged
                ? choice.Options.Contains(entry.Key) && !_fromDefaults.Contains(entry.Value)
                : entry.Key != table.NameKey);
            if (isChanged && !isComplete)
            {
                FillIn(result, table, choice);
            }
        }

        Copy(block, result, _ => true);
        return result;
    }

    private void FillIn(HoconBlock block, NameTable table, NamedChoice choice)
    {
        var options = defaults.Find($"{table.Block}.{choice.Name}") as HoconBlock;
        foreach (var (key, node) in options?.Entries ?? [])
        {
            if (block[key] is null)
            {
                block.Set(key, node);
                _fromDefaults.Add(node);
            }
        }
    }

    private static void Copy(HoconBlock? from, HoconBlock to, Predicate<KeyValuePair<string, HoconNode>> isWanted)
    {
        foreach (var entry in from?.Entries ?? [])
        {
            if (isWanted(entry))
            {
                // The block of a plugin's options is laid over key by key, as all blocks are.
                to.Set(entry.Key, to[entry.Key] is HoconBlock lower && entry.Value is HoconBlock upper
                    ? lower.Overlay(upper)
                    : entry.Value);
            }
        }
    }
}
