namespace Involute.Tasks.Components;

/// <summary>A context that loads the assemblies of a plugin's folder.</summary>
public interface IPluginContext
{
    /// <summary>Absolute path of the folder.</summary>
    string Folder { get; }
}
