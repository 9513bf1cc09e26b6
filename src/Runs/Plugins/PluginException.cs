namespace Involute.Runs.Plugins;

/// <summary>A plugin is not what it should be; the message is one line for the user.</summary>
public sealed class PluginException(string message) : Exception(message)
{
    /// <summary>A line about a folder.</summary>
    /// <param name="folder">The folder, as messages call it.</param>
    /// <param name="problem">What is wrong with it.</param>
    public PluginException(string folder, string problem)
        : this($"plugin {folder}: {problem}")
    {
    }
}
