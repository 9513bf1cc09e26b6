using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>
/// Settings that are younger than some runs: those runs have the value that they have always gone by.
/// </summary>
/// <remarks>
/// The whole configuration of a run takes no default for a missing key, because defaults change. A new setting says in
/// its attribute (<c>WhenMissing</c>) what runs without it have; with that value it is not part of an identity.
/// </remarks>
internal static class SettingsAddedLater
{
    /// <summary>
    /// The tree of a whole configuration below <c>involute</c>, with what was added after it was written.
    /// </summary>
    public static HoconBlock FillIn(HoconBlock involute, ComponentCatalogue catalogue)
    {
        foreach (var entry in ConfigurationSchema.Entries)
        {
            if (entry.Option is { WhenMissing: { } value })
            {
                involute = Add(involute, entry.Key, value);
            }
            else if (entry is { Kind: { } kind, Block.WhenMissing: { } name })
            {
                involute = Add(involute, $"{entry.Key}.{kind.NameKey}", name);
            }

            foreach (var option in Options(entry, involute, catalogue).Where(option => option.WhenMissing is not null))
            {
                var path = $"{entry.Key}.{option.Key}";
                if (option.Block is null || involute.Find(path) is null)
                {
                    involute = Add(involute, option.Block is { } block ? $"{block.Key}.{option.Key}" : path, option.WhenMissing!);
                }
            }
        }

        return involute;
    }

    private static IEnumerable<OptionDescription> Options(
        ConfigurationEntry entry, HoconBlock involute, ComponentCatalogue catalogue) => entry.Kind is not { } kind
            ? entry.Options
            : DefaultSettings.ChosenBy(kind, involute) is HoconScalar name
                && catalogue.Find(kind, name.Text) is { } component
                ? component.Options
                : [];

    private static HoconBlock Add(HoconBlock involute, string path, string value)
    {
        // A block that is no block is the reader's to refuse.
        var isThere = involute.Find(path) is not null
            || (path.Contains('.', StringComparison.Ordinal) && involute[path.Split('.')[0]] is not (null or HoconBlock));
        return isThere
            ? involute
            : HoconParser.ParseArgument(
                $"{path}={value}", $"{involute.Position.Source}: a run without {ConfigurationLayers.Root}.{path}")
                .Overlay(involute);
    }
}
