using System.Reflection;
using System.Runtime.Loader;
using Involute.Tasks.Components;

namespace Involute.Runs.Plugins;

/// <summary>Loads a plugin's assemblies; Involute's own and the framework's are the host's.</summary>
internal sealed class PluginContext(PluginFolder folder) : AssemblyLoadContext(folder.FullPath), IPluginContext
{
    /// <inheritdoc/>
    public string Folder => folder.FullPath;

    /// <summary>Loads one of the folder's assemblies, with its symbols if they lie beside it.</summary>
    public Assembly Load(string name)
    {
        var loaded = Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name);
        return loaded ?? LoadFromStream(
            new MemoryStream(folder.Assemblies[name], writable: false), Symbols(Path.Combine(folder.FullPath, $"{name}.pdb")));
    }

    // They say in which line an exception came about, and nothing else: without them it goes as well.
    private static MemoryStream? Symbols(string file)
    {
        try
        {
            return File.Exists(file) ? new MemoryStream(File.ReadAllBytes(file), writable: false) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // One copy of Involute's types: a plugin's IInnerProblem must be the host's.
        var name = assemblyName.Name ?? string.Empty;
        var isHosts = name.StartsWith("Involute.", StringComparison.Ordinal);
        return !isHosts && folder.Assemblies.ContainsKey(name) ? Load(name) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string[] files =
        [
            unmanagedDllName, $"{unmanagedDllName}.so", $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.dll",
            $"lib{unmanagedDllName}.dylib",
        ];
        foreach (var file in files)
        {
            var path = Path.Combine(folder.FullPath, file);
            if (File.Exists(path))
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        return nint.Zero;
    }
}
