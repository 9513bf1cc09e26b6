using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Paths of a configuration.</summary>
public static class ConfigurationPaths
{
    /// <summary>
    /// The configuration with absolute paths: a run may be resumed from another folder than it was begun in.
    /// </summary>
    public static RunConfiguration WithAbsolutePaths(this RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var result = configuration with { };
        foreach (var entry in ConfigurationSchema.Entries.Where(entry => entry.Kind is not null))
        {
            var options = (ComponentOptions)entry.Property.GetValue(configuration)!;
            var component = Component.Of(options.GetType());
            if (component.Options.Any(option => option.IsPath))
            {
                entry.Property.SetValue(result, component.Make(component.Options.Select(option =>
                    KeyValuePair.Create(option, Absolute(option, option.Get(options))))));
            }
        }

        return result;
    }

    private static object? Absolute(OptionDescription option, object? value) =>
        option.IsPath && value is string { Length: > 0 } path ? Path.GetFullPath(path) : value;
}
