using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Defaults as a tree of settings, below everything that a user writes.</summary>
internal static class DefaultSettings
{
    private const string Source = "the defaults";
    private static readonly SourcePosition Position = SourcePosition.Of(Source);

    /// <summary>Whether a setting is a default, whosesoever.</summary>
    public static bool Are(SourcePosition position) => position.Source.StartsWith(Source, StringComparison.Ordinal);

    /// <summary>Where defaults are that something else decides.</summary>
    public static SourcePosition For(string what) => SourcePosition.Of($"{Source} for {what}");

    /// <summary>Whether a setting is one of <see cref="Of"/>.</summary>
    public static bool AreOf(Component component, SourcePosition position) => position == PositionOf(component);

    /// <summary>
    /// Every key below <c>involute</c> that is no option of a component, and the names of the default components.
    /// </summary>
    public static HoconBlock General()
    {
        var defaults = new RunConfiguration();
        var involute = new HoconBlock(Position);
        foreach (var entry in ConfigurationSchema.Entries)
        {
            involute.Set(entry.Key, Node(entry, entry.Option is null ? entry.Property.GetValue(defaults)! : defaults));
        }

        return involute;
    }

    /// <summary>The options of a component.</summary>
    public static HoconBlock Of(Component component) =>
        Block(component.Options, component.Defaults(), PositionOf(component));

    /// <summary>
    /// The defaults that go with the components that the layers end up with, those of the task last: what suits a
    /// handful of hyper-parameters does not suit a network.
    /// </summary>
    /// <param name="catalogue">The components.</param>
    /// <param name="layers">Whole texts, not yet checked; later ones win.</param>
    public static IEnumerable<HoconBlock> OfChosen(ComponentCatalogue catalogue, IReadOnlyList<HoconBlock> layers)
    {
        var defaults = General();
        var kinds = ConfigurationSchema.Kinds.OrderBy(
            kind => kind.Block switch { "task" => 2, "optimizer" => 1, _ => 0 });
        foreach (var kind in kinds)
        {
            var name = layers.Select(layer => layer[ConfigurationLayers.Root] as HoconBlock).Prepend(defaults)
                .Select(involute => ChosenBy(kind, involute)).OfType<HoconScalar>().Last().Text;
            if (catalogue.Find(kind, name) is { RunDefaults.Count: > 0 } component)
            {
                yield return RunDefaults(component);
            }
        }
    }

    /// <summary>The name that a tree below <c>involute</c> chooses, or null.</summary>
    public static HoconNode? ChosenBy(ComponentKind kind, HoconBlock? involute) => involute?[kind.Block] switch
    {
        HoconBlock block => block[kind.NameKey],
        HoconScalar { IsQuoted: false, Text: "null" } => null,
        var node => node,
    };

    private static SourcePosition PositionOf(Component component) => SourcePosition.Of($"{Source} of {component}");

    private static HoconBlock RunDefaults(Component component)
    {
        var source = PositionOf(component).Source;
        return component.RunDefaults
            .Select(setting => HoconParser.ParseArgument($"{setting.Key}={setting.Value}", source))
            .Aggregate((lower, upper) => lower.Overlay(upper));
    }

    private static HoconNode Node(ConfigurationEntry entry, object value)
    {
        if (entry.Option is { } option)
        {
            return OptionNode.Of(option, option.Get(value), Position);
        }

        if (entry.Kind is not { } kind)
        {
            return Block(entry.Options, value, Position);
        }

        var block = new HoconBlock(Position);
        block.Set(kind.NameKey, new HoconScalar(Position, ((ComponentOptions)value).Name, isQuoted: false));
        return block;
    }

    private static HoconBlock Block(IEnumerable<OptionDescription> options, object values, SourcePosition position)
    {
        var block = new HoconBlock(position);
        foreach (var option in options)
        {
            block.Set(option.Key, OptionNode.Of(option, option.Get(values), position));
        }

        return block;
    }
}
