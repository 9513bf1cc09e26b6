using System.Reflection;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>
/// One key or block below <c>involute</c>: a property of <see cref="RunConfiguration"/> with what it says of itself.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Property">The property.</param>
/// <param name="Option">Of a single key: its description.</param>
/// <param name="Block">Of a block: what it is for.</param>
/// <param name="Kind">Of a block that is chosen by name: what it chooses from.</param>
/// <param name="Options">Of a block without a name: its options.</param>
internal sealed record ConfigurationEntry(
    string Key,
    PropertyInfo Property,
    OptionDescription? Option,
    BlockAttribute? Block,
    ComponentKind? Kind,
    IReadOnlyList<OptionDescription> Options);

/// <summary>The keys and blocks below <c>involute</c>, in canonical order.</summary>
internal static class ConfigurationSchema
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ConfigurationEntry> Entries { get; } =
        [.. OptionSchema.Properties(typeof(RunConfiguration)).Select(Of).OfType<ConfigurationEntry>()];

    /// <summary>The kinds of components, in the order of their blocks.</summary>
    public static IEnumerable<ComponentKind> Kinds => Entries.Select(entry => entry.Kind).OfType<ComponentKind>();

    private static ConfigurationEntry? Of(PropertyInfo property)
    {
        if (OptionSchema.Of(property) is { } option)
        {
            return new ConfigurationEntry(option.Key, property, option, null, null, []);
        }

        if (property.GetCustomAttribute<BlockAttribute>() is not { } block)
        {
            return null;
        }

        if (typeof(ComponentOptions).IsAssignableFrom(property.PropertyType))
        {
            var kind = ComponentKind.Of(property.PropertyType);
            return new ConfigurationEntry(kind.Block, property, null, block, kind, []);
        }

        return new ConfigurationEntry(
            property.Name.ToLowerInvariant(), property, null, block, null, OptionSchema.Of(property.PropertyType));
    }
}
