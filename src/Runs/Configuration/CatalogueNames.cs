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
        if (text is not null && catalogue.Find(kind, text) is { } found)
        {
            return found;
        }

        var called = catalogue.Of(kind).SelectMany(component => component.Names);
        var hint = TheirNames.Hint(catalogue, text)
            ?? OfClass(catalogue.Of(kind), text)
            ?? Spelling.Suggest(text, called);
        throw new ConfigurationException(
            node.Position,
            $"{ConfigurationLayers.Root}.{kind.Block}.{kind.NameKey}",
            $"unknown name {node.Description}{hint}",
            string.Join(", ", catalogue.Names(kind)));
    }

    // Documentation and code speak of classes: PersistentES is what PersistentESOptions make.
    private static string? OfClass(IEnumerable<Component> components, string? text) =>
        components.FirstOrDefault(component =>
            string.Equals(component.OptionsType.Name, $"{text}Options", StringComparison.OrdinalIgnoreCase)) is { } meant
            ? $" (did you mean {Excerpt.Quote(meant.Name)}?)"
            : null;
}
