using System.Reflection;
using System.Runtime.Loader;

namespace Involute.Tasks.Components;

/// <summary>Where the files lie that an assembly brings.</summary>
internal static class OwnFolder
{
    /// <summary>
    /// The plugin's folder of an assembly out of a plugin, which is loaded from bytes and has no place of its own; else the
    /// folder that the assembly lies in.
    /// </summary>
    public static string Of(Assembly assembly) =>
        AssemblyLoadContext.GetLoadContext(assembly) is IPluginContext plugin ? plugin.Folder
        : Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder
        : AppContext.BaseDirectory;
}
