namespace Involute.Hosting.Configuration;

/// <summary>What may change of a configuration when its run goes on.</summary>
/// <remarks>Nothing that decides a number which the run has computed.</remarks>
public static class ResumeRules
{
    /// <summary>Keys that may change; Akka's settings may too. None of them is part of a run's identity.</summary>
    public static IReadOnlyList<string> MayChange { get; } =
    [
        "involute.outer-steps", "involute.checkpoint-interval", "involute.threads", "involute.max-pair-restarts",
        "involute.task.folder", "involute.store.connection",
    ];

    /// <summary>Whether a key decides theta. That of the store does not, yet the ledger cannot move to another.</summary>
    public static bool IsIdentity(string key) => !MayChange.Contains(key) && key != "involute.store.name";

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

    /// <summary>Whether a run may go on with this change.</summary>
    public static bool IsAllowed(SettingChange change) => change.Key == "akka" || MayChange.Contains(change.Key);

    /// <summary>Throws for the first change that would make it another run.</summary>
    internal static void Check(RunConfiguration before, RunConfiguration after, HoconBlock involute)
    {
        var refused = Differences(before, after).FirstOrDefault(change => !IsAllowed(change));
        if (refused.Key is { } key)
        {
            var place = involute.Find(key[(ConfigurationLayers.Root.Length + 1)..]) ?? involute;
            throw new ConfigurationException(
                place.Position, key, $"cannot change in a run that has begun with {refused.Before ?? "none"}",
                $"changes of {string.Join(", ", MayChange)}, akka");
        }
    }
}

/// <summary>One key whose value differs between two configurations.</summary>
/// <param name="Key">Full path, or <c>akka</c>.</param>
/// <param name="Before">HOCON text; null where the key was absent.</param>
/// <param name="After">HOCON text; null where the key is absent.</param>
public readonly record struct SettingChange(string Key, string? Before, string? After);
