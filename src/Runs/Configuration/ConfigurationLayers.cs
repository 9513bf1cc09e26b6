using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Settings that are laid over each other: later layers win, key by key.</summary>
/// <remarks>
/// A block that is chosen by name may be given by its name alone. When a layer changes the name, options of lower
/// layers stay where the new name has them too; the rest is dropped, and what is missing comes from the component's
/// defaults.
/// </remarks>
internal sealed class ConfigurationLayers(ComponentCatalogue catalogue)
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
    /// <param name="areDefaults">No user has written it for this run: its options go with the name they were meant
    /// for.</param>
    public void Add(HoconBlock layer, bool isComplete = false, bool areDefaults = false)
    {
        Merged ??= new HoconBlock(layer.Position);
        foreach (var (key, node) in layer.Entries)
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
