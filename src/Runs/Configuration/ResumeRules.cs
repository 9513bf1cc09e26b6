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

    /// <summary>Keys of the settings that decide theta and differ.</summary>
    internal static IReadOnlyList<string> IdentityDifferences(RunConfiguration before, RunConfiguration after)
    {
        var (old, now) = (Identity(before), Identity(after));
        return [.. old.Keys.Union(now.Keys).Where(key => old.GetValueOrDefault(key) != now.GetValueOrDefault(key))];
    }

    private static Dictionary<string, string> Identity(RunConfiguration configuration) =>
        ConfigurationText.Settings(configuration).Where(setting => setting.IsIdentity)
            .ToDictionary(setting => setting.Key, setting => setting.IdentityText, StringComparer.Ordinal);

    /// <summary>Keys that may change from an outer step on: the ledger names the step.</summary>
    public static IReadOnlyList<string> ChangeableAtStep(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return
        [
            .. ConfigurationText.Settings(configuration).Where(setting => setting.MayChangeAtStep)
                .Select(setting => setting.Key),
        ];
    }

    /// <summary>Keys that may change while a run goes on: those, and some that decide no number.</summary>
    public static IReadOnlyList<string> ChangeableInRun(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return
        [
            .. ConfigurationText.Settings(configuration).Where(setting => setting.MayChangeAtStep || setting.MayChangeInRun)
                .Select(setting => setting.Key),
        ];
    }

    /// <summary>
    /// Takes out of the settings of a resume what may change from an outer step on: those in the run's folder stay.
    /// </summary>
    /// <param name="before">The settings in the run's folder.</param>
    /// <param name="after">Those of the resume.</param>
    /// <param name="arguments">Values of <c>--set</c>: what they name is wanted, also if it stands so in the folder.</param>
    /// <returns>The settings without such changes, and the changes, each <c>KEY=VALUE</c>.</returns>
    internal static (RunConfiguration Kept, IReadOnlyList<string> AtStep) TakeOut(
        RunConfiguration before, RunConfiguration after, IReadOnlyList<string> arguments)
    {
        var allowed = ChangeableAtStep(before);
        var differ = Differences(before, after).Where(change => allowed.Contains(change.Key)).ToList();
        var wanted = after.Settings.Where(setting => allowed.Contains(setting.Key)
            && (differ.Exists(change => change.Key == setting.Key) || ConfigurationLoader.Names(arguments, setting.Key)));
        List<string> changes = [.. wanted.Select(setting => $"{setting.Key}={setting.Value}")];
        var kept = differ.Where(change => change.Before is not null)
            .Aggregate(after, (settings, change) => ConfigurationLoader.Changed(settings, $"{change.Key}={change.Before}"));
        return (kept, changes);
    }

    /// <summary>Throws for the first change that would make it another run.</summary>
    internal static void Check(RunConfiguration before, RunConfiguration after, HoconBlock involute)
    {
        var refused = FirstRefused(before, Differences(before, after));
        if (refused.Key is { } key)
        {
            var path = ConfigurationText.Settings(after).FirstOrDefault(setting => setting.Key == key)?.IdentityKey ?? key;
            var place = involute.Find(path[(ConfigurationLayers.Root.Length + 1)..]) ?? involute;
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

    /// <summary>Keys that may change when a run goes on, or while it does.</summary>
    internal static string[] MayChange(RunConfiguration configuration) =>
    [
        .. ConfigurationText.Settings(configuration).Where(setting => setting.MayChange || setting.MayChangeAtStep)
            .Select(setting => setting.Key),
        "akka",
    ];
}

/// <summary>One key whose value differs between two configurations.</summary>
/// <param name="Key">Full path, or <c>akka</c>.</param>
/// <param name="Before">HOCON text; null where the key was absent.</param>
/// <param name="After">HOCON text; null where the key is absent.</param>
public readonly record struct SettingChange(string Key, string? Before, string? After);
