using Involute.Estimators.Catalogue;
using Involute.Runs.Plugins;
using Involute.Runs.Stores.Catalogue;
using Involute.Tasks.Catalogue;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>The components of this program.</summary>
public static class KnownComponents
{
    private static readonly Lock Gate = new();

    /// <summary>All that come with it.</summary>
    public static ComponentCatalogue BuiltIn { get; private set; } = new(
        [.. EstimatorCatalogue.Components, .. TaskCatalogue.Components, typeof(PluginTaskOptions), .. StoreCatalogue.Components]);

    /// <summary>
    /// Adds components of an assembly that comes with the program and that this one does not know, before the first
    /// configuration is read. Those that are there already are left out.
    /// </summary>
    /// <param name="options">Their options records.</param>
    /// <exception cref="ArgumentException">A type is no component's options, or its name is taken.</exception>
    public static void Add(IEnumerable<Type> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (Gate)
        {
            BuiltIn = BuiltIn.With(options.Except(BuiltIn.Components.Select(component => component.OptionsType)));
        }
    }

    /// <summary>All that come with it, and those of a plugin.</summary>
    /// <exception cref="PluginException">One of the plugin's has a name that is taken.</exception>
    internal static ComponentCatalogue With(PluginAssemblies plugin)
    {
        try
        {
            return BuiltIn.With(plugin.Components);
        }
        catch (ArgumentException exception)
        {
            throw plugin.Wrong(exception.Message);
        }
    }
}
