using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Settings that are laid over each other: later layers win, key by key.</summary>
/// <remarks>
/// A block that is chosen by name may be given by its name alone. When a layer changes the name, options of lower
/// layers stay where the new name has them too; the rest is dropped, and what is missing comes from the component's
/// defaults. Options that stand in a block of their own (<see cref="OptionBlock"/>) go to the component that they belong
/// to, as if they had been written there.
/// </remarks>
internal sealed class ConfigurationLayers(ComponentCatalogue catalogue)
{
    /// <summary>The key that all settings stand under.</summary>
    public const string Root = "involute";

    private readonly HashSet<HoconNode> _fromDefaults = [];
    private readonly Dictionary<HoconNode, OptionBlock> _fromBlocks = [];

    /// <summary>The tree so far, as if written in one place.</summary>
    public HoconBlock? Merged { get; private set; }

    /// <summary>Lays the tree below <c>involute</c> of one text over what is there.</summary>
    /// <param name="layer">The tree.</param>
    /// <param name="isComplete">
    /// The layer is a whole configuration, in which a missing key is an error and not to be filled in.
    /// </param>
    /// <param name="areDefaults">No user has written it for this run: its options go with the name they were meant
    /// for.</param>
    public void Add(HoconBlock layer, bool isComplete = false, bool areDefaults = false)
    {
        Merged ??= new HoconBlock(layer.Position);
        foreach (var (key, node) in Gathered(layer).Entries)
        {
            var entry = ConfigurationSchema.Entries.FirstOrDefault(entry => entry.Key == key);
            Merged.Set(key, entry switch
            {
                { Kind: { } kind } => Overlay(kind, Merged[key] as HoconBlock, node, isComplete),
                { Block: not null } when Merged[key] is HoconBlock lower && node is HoconBlock upper =>
                    lower.Overlay(upper),
                _ => node,
            });
            if (areDefaults && node is HoconBlock block)
            {
                _fromDefaults.UnionWith(block.Entries.Select(inner => inner.Value));
            }
        }
    }

    /// <summary>Refuses options of a block whose component was not chosen.</summary>
    /// <exception cref="ConfigurationException">There are some.</exception>
    public void Finish()
    {
        foreach (var kind in _fromBlocks.Values.Select(block => block.Kind).Distinct())
        {
            if (Merged?[kind.Block] is not HoconBlock chosen || chosen[kind.NameKey] is not { } name)
            {
                continue;
            }

            var component = catalogue.Resolve(kind, name);
            foreach (var (key, node) in chosen.Entries)
            {
                if (_fromBlocks.TryGetValue(node, out var block) && !block.IsOf(component))
                {
                    throw new ConfigurationException(
                        node.Position, $"{Root}.{block.Key}.{key}", $"{component} has no such option",
                        string.Join(", ", block.Components.Select(owner => owner.Name)));
                }
            }
        }
    }

    private HoconBlock Gathered(HoconBlock layer)
    {
        var gathered = layer;
        foreach (var (key, node) in layer.Entries)
        {
            if (ConfigurationSchema.Entries.All(entry => entry.Key != key)
                && OptionBlock.Find(catalogue, key) is { } block)
            {
                gathered = Moved(gathered, block, node as HoconBlock ?? throw new ConfigurationException(
                    node.Position, $"{Root}.{key}", $"{node.Description} is not a block", "a block { … }"));
            }
        }

        return gathered;
    }

    // The layer, with what one of its blocks has within the block of the component's kind.
    private HoconBlock Moved(HoconBlock layer, OptionBlock block, HoconBlock options)
    {
        var owner = new HoconBlock(options.Position);
        switch (layer[block.Kind.Block])
        {
            case HoconBlock written:
                Copy(written, owner, _ => true);
                break;
            case HoconScalar { Text: not "null" } name:
                owner.Set(block.Kind.NameKey, name);
                break;
        }

        string[] known = [.. block.Options.Select(option => option.Key)];
        foreach (var (key, node) in options.Entries)
        {
            var path = $"{Root}.{block.Key}.{key}";
            if (!known.Contains(key))
            {
                throw new ConfigurationException(
                    node.Position, path, $"unknown key{Spelling.Suggest(key, known)}", string.Join(", ", known));
            }

            if (owner[key] is { } other)
            {
                throw new ConfigurationException(
                    node.Position, path, $"set a second time; {other.Position} sets {Root}.{block.Kind.Block}.{key}",
                    "one of the two");
            }

            owner.Set(key, node);
            _fromBlocks[node] = block;
        }

        var result = new HoconBlock(layer.Position);
        Copy(layer, result, entry => entry.Key != block.Key);
        result.Set(block.Kind.Block, owner);
        return result;
    }

    private HoconNode Overlay(ComponentKind kind, HoconBlock? lower, HoconNode upper, bool isComplete)
    {
        if (upper is HoconScalar { IsQuoted: true } or HoconScalar { Text: not "null" })
        {
            var named = new HoconBlock(upper.Position);
            named.Set(kind.NameKey, upper);
            upper = named;
        }

        if (upper is not HoconBlock block)
        {
            return upper;
        }

        var result = new HoconBlock(block.Position);
        var name = block[kind.NameKey];
        if (name is null)
        {
            Copy(lower, result, _ => true);
        }
        else
        {
            var choice = catalogue.Resolve(kind, name);
            var isChanged = lower?[kind.NameKey] is not { } old || catalogue.Resolve(kind, old) != choice;
            Copy(lower, result, entry => isChanged
                ? choice.Options.Any(option => option.Key == entry.Key) && !_fromDefaults.Contains(entry.Value)
                : entry.Key != kind.NameKey);
            if (isChanged && !isComplete)
            {
                FillIn(result, choice);
            }
        }

        Copy(block, result, _ => true);
        return result;
    }

    private void FillIn(HoconBlock block, Component component)
    {
        foreach (var (key, node) in DefaultSettings.Of(component).Entries)
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
                // A block of texts is laid over key by key, as all blocks are.
                to.Set(entry.Key, to[entry.Key] is HoconBlock lower && entry.Value is HoconBlock upper
                    ? lower.Overlay(upper)
                    : entry.Value);
            }
        }
    }
}
