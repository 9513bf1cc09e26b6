using Involute.Estimators.Catalogue;
using Involute.Runs.Plugins;
using Involute.Runs.Stores.Catalogue;
using Involute.Tasks.Catalogue;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>The components of this program.</summary>
public static class KnownComponents
{
    /// <summary>All that come with it.</summary>
    public static ComponentCatalogue BuiltIn { get; } = new(
        [.. EstimatorCatalogue.Components, .. TaskCatalogue.Components, typeof(PluginTaskOptions), .. StoreCatalogue.Components]);

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
