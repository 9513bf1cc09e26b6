namespace Involute.Tasks.Plugins;

/// <summary>
/// Names the data files of a plugin that lie beside its assemblies: their content decides what it computes. A run that
/// began with other content does not go on, and a worker with other content is refused.
/// </summary>
/// <remarks>
/// <c>[assembly: PluginFiles("weights.bin", "tables")]</c>. Files that an option names, a component declares by
/// <see cref="Components.ComponentOptions.DataFiles"/>. Other files in the folder do not count.
/// </remarks>
/// <param name="paths">Files, or folders with all that is in them, relative to the plugin's folder.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class PluginFilesAttribute(params string[] paths) : Attribute
{
    /// <summary>Files, or folders with all that is in them, relative to the plugin's folder.</summary>
    public IReadOnlyList<string> Paths => paths;
}
