namespace Involute.Runs.Configuration;

/// <summary>What may change of a configuration when its run goes on.</summary>
/// <remarks>Nothing that decides a number which the run has computed: each option says it itself.</remarks>
public static class ResumeRules
{
    /// <summary>Keys that one configuration has another value for, or has and the other has not.</summary>
    public static IReadOnlyList<SettingChange> Differences(RunConfiguration before, RunConfiguration after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var old = before.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        var now = after.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        var changes = old.Keys.Union(now.Keys)
            .Select(key => new SettingChange(key, old.GetValueOrDefault(key), now.GetValueOrDefault(key)))
            .Where(change => change.Before != change.After);
        return before.Akka == after.Akka ? [.. changes] : [.. changes, new("akka", before.Akka, after.Akka)];
    }

    /// <summary>Throws for the first change that would make it another run.</summary>
    internal static void Check(RunConfiguration before, RunConfiguration after, HoconBlock involute)
    {
        var refused = FirstRefused(before, Differences(before, after));
        if (refused.Key is { } key)
        {
            var place = involute.Find(key[(ConfigurationLayers.Root.Length + 1)..]) ?? involute;
            throw new ConfigurationException(
                place.Position, key, $"cannot change in a run that was started with {refused.Before ?? "none"}",
                $"changes of {string.Join(", ", MayChange(before))}");
        }
    }

    /// <summary>The first change that would make it another run; without a key if there is none.</summary>
    internal static SettingChange FirstRefused(RunConfiguration before, IEnumerable<SettingChange> changes)
    {
        var mayChange = MayChange(before);
        return changes.FirstOrDefault(change => !mayChange.Contains(change.Key));
    }

    private static string[] MayChange(RunConfiguration configuration) =>
    [
        .. ConfigurationText.Settings(configuration).Where(setting => setting.MayChange).Select(setting => setting.Key),
        "akka",
    ];
}

/// <summary>One key whose value differs between two configurations.</summary>
/// <param name="Key">Full path, or <c>akka</c>.</param>
/// <param name="Before">HOCON text; null where the key was absent.</param>
/// <param name="After">HOCON text; null where the key is absent.</param>
public readonly record struct SettingChange(string Key, string? Before, string? After);
