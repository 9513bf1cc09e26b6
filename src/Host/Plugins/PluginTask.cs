using Involute.Hosting.Commands;
using Involute.Hosting.Configuration;
using Involute.Tasks.Unrolls;

namespace Involute.Hosting.Plugins;

/// <summary>A problem out of a plugin's folder, with the settings that name exactly this one.</summary>
/// <param name="Settings">With absolute folder, name of the problem and content hash filled in.</param>
/// <param name="Problem">The problem.</param>
internal sealed record PluginTask(PluginSettings Settings, IInnerProblem<float> Problem)
{
    /// <summary>Loads what the settings name.</summary>
    /// <exception cref="CommandException">There is no such plugin, or its content is not the expected one.</exception>
    public static PluginTask Load(PluginSettings settings)
    {
        var folder = PluginFolder.Read(settings.Folder);
        if (settings.Sha256.Length > 0 && settings.Sha256 != folder.Sha256)
        {
            throw PluginFolder.Wrong(
                folder.FullPath,
                $"its content (sha256 {folder.Sha256[..12]}…) is not what involute.task.sha256 says ({settings.Sha256[..12]}…): with another plugin it would be another run");
        }

        var plugins = ProblemPlugins.Load(folder);
        var plugin = plugins.Find(settings.Problem);
        return new PluginTask(
            settings with { Folder = folder.FullPath, Problem = plugin.Name, Sha256 = folder.Sha256 },
            plugins.Create(plugin, settings.ProblemOptions));
    }
}
