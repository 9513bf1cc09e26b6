using Involute.Runs.Plugins;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Turns a complete tree of settings into typed ones, or says what is wrong with it.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads the tree below <c>involute</c>.</summary>
    /// <param name="involute">The tree.</param>
    /// <param name="akka">The block <c>akka</c>, as text.</param>
    /// <param name="catalogue">The components.</param>
    /// <param name="order">Tells which of two settings that contradict each other is blamed.</param>
    public static RunConfiguration Read(HoconBlock involute, string akka, ComponentCatalogue catalogue, LayerOrder order)
    {
        var reader = new BlockReader(involute, ConfigurationLayers.Root, catalogue, order);
        var configuration = new RunConfiguration { Akka = akka };
        foreach (var entry in ConfigurationSchema.Entries)
        {
            if (entry.Option is { } option)
            {
                option.Set(configuration, reader.Option(option));
                continue;
            }

            var block = reader.Block(entry.Key);
            entry.Property.SetValue(
                configuration, entry.Kind is { } kind ? Component(block, kind) : Group(block, entry));
            block.Finish();
        }

        reader.Finish();
        CrossChecks.Check(configuration, involute, order);
        return configuration;
    }

    internal static ComponentOptions Component(BlockReader block, ComponentKind kind)
    {
        var component = block.Component(kind);
        KeyValuePair<OptionDescription, object?>[] values =
            [.. component.Options.Select(option => KeyValuePair.Create(option, block.Option(option)))];
        var options = PluginCode.Guard(component, "refuses its options", () => component.Make(values));
        if (PluginCode.Guard(component, "cannot be checked", () => options.Check().FirstOrDefault()) is { } problem)
        {
            // What is unknown is the mistake to name first: an option may be wrong for want of a misspelt one.
            block.Finish();
            throw block.Refusal(problem, component);
        }

        return options;
    }

    private static object Group(BlockReader block, ConfigurationEntry entry)
    {
        var group = Activator.CreateInstance(entry.Property.PropertyType)!;
        foreach (var option in entry.Options)
        {
            option.Set(group, block.Option(option));
        }

        return group;
    }
}
