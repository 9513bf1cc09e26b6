namespace Involute.Hosting.Configuration;

/// <summary>Settings that are younger than some runs, and the value by which those runs have always gone.</summary>
/// <remarks>
/// The whole configuration of a run takes no default for a missing key, because defaults change. A new setting outside
/// the identity belongs into this table. One that decides theta does not: it would have to be left out of
/// <see cref="RunConfiguration.IdentitySha256"/> wherever it has the value of before.
/// </remarks>
internal static class LaterSettings
{
    /// <summary>Full keys, each with the value that a run without it has, as HOCON text.</summary>
    public static IReadOnlyList<Setting> Table { get; } =
    [
        // Before there were other stores, every run had its own file.
        new("involute.store.name", KnownNames.Sqlite),
    ];

    /// <summary>The tree of a whole configuration below <c>involute</c>, with what was added after it was written.</summary>
    public static HoconBlock FillIn(HoconBlock involute)
    {
        foreach (var (key, value) in Table)
        {
            var path = key[(ConfigurationLayers.Root.Length + 1)..];
            var isThere = involute.Find(path) is not null || involute.Find(path.Split('.')[0]) is HoconScalar;
            if (!isThere)
            {
                var text = HoconParser.ParseArgument($"{path}={value}", $"{involute.Position.Source}: a run without {key}");
                involute = text.Overlay(involute);
            }
        }

        return involute;
    }
}
