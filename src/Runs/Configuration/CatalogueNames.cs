using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Components by the names that a configuration has for them.</summary>
internal static class CatalogueNames
{
    /// <summary>The component that a name node stands for.</summary>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static Component Resolve(this ComponentCatalogue catalogue, ComponentKind kind, HoconNode node)
    {
        var text = (node as HoconScalar)?.Text;
        var names = catalogue.Names(kind);
        return (text is null ? null : catalogue.Find(kind, text)) ?? throw new ConfigurationException(
            node.Position,
            $"{ConfigurationLayers.Root}.{kind.Block}.{kind.NameKey}",
            $"unknown name {node.Description}{TheirNames.Hint(catalogue, text) ?? Spelling.Suggest(text, names)}",
            string.Join(", ", names));
    }
}
