using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>A block below <c>involute</c> with options that several components of a kind share.</summary>
/// <param name="Key">Key of the block.</param>
/// <param name="Explanation">What it is for.</param>
/// <param name="Kind">What the components are.</param>
/// <param name="Components">Those whose options stand there, in the order in which they are listed.</param>
internal sealed record OptionBlock(
    string Key, string Explanation, ComponentKind Kind, IReadOnlyList<Component> Components)
{
    /// <summary>The options, each once.</summary>
    public IEnumerable<OptionDescription> Options => Components
        .SelectMany(component => component.Options)
        .Where(option => option.Block?.Key == Key)
        .DistinctBy(option => option.Key);

    /// <summary>All blocks of a catalogue.</summary>
    public static IEnumerable<OptionBlock> Of(ComponentCatalogue catalogue) =>
        from component in catalogue.Components
        from block in component.Options.Select(option => option.Block).OfType<OptionBlockAttribute>()
            .DistinctBy(block => block.Key)
        group (component, block) by (block.Key, component.Kind) into found
        select new OptionBlock(
            found.Key.Key, found.First().block.Explanation, found.Key.Kind, [.. found.Select(one => one.component)]);

    /// <summary>The block with a key, or null.</summary>
    public static OptionBlock? Find(ComponentCatalogue catalogue, string key) =>
        Of(catalogue).FirstOrDefault(block => block.Key == key);

    /// <summary>Whether the options of a component stand there.</summary>
    public bool IsOf(Component component) => Components.Contains(component);
}
