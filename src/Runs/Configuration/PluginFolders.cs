using Involute.Runs.Plugins;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;

namespace Involute.Runs.Configuration;

/// <summary>
/// Finds the plugin of a configuration before it can be read: the plugin's names must be known first.
/// </summary>
internal static class PluginFolders
{
    /// <summary>The block that names the folder.</summary>
    public const string Block = "plugin";

    /// <summary>The key of the plugin's hash.</summary>
    public const string HashKey = $"{ConfigurationLayers.Root}.{Block}.sha256";

    private static readonly IReadOnlyList<OptionDescription> Options = OptionSchema.Of(typeof(PluginOptions));

    /// <summary>The plugin that the last of some texts names, with the hash that goes with it.</summary>
    public static (PluginAssemblies? Assemblies, string Sha256) Find(IEnumerable<HoconBlock> texts)
    {
        var (folder, sha256) = ("", "");
        var place = default(SourcePosition);
        foreach (var block in texts.Select(BlockOf).OfType<HoconBlock>())
        {
            if (Checked(block, "folder") is { } named)
            {
                (folder, place) = (named, block["folder"]!.Position);
            }

            sha256 = Checked(block, "sha256") ?? sha256;
        }

        return folder.Length == 0 ? (null, sha256) : (Load(folder, place), sha256);
    }

    private static PluginAssemblies Load(string folder, SourcePosition place)
    {
        try
        {
            return PluginAssemblies.Load(folder);
        }
        catch (PluginException wrong) when (!ConfigurationSource.IsPlugin(place))
        {
            throw new PluginException($"{place}: {ConfigurationLayers.Root}.{Block}.folder: {wrong.Message}");
        }
    }

    /// <summary>The plugin that a configuration was read with; null if it has none.</summary>
    /// <exception cref="PluginException">Its folder has other code now, and this process never loaded the right
    /// one.</exception>
    public static PluginAssemblies? LoadedFor(RunConfiguration configuration) => configuration switch
    {
        { Plugin: { Folder.Length: > 0 } plugin } => PluginAssemblies.Of(plugin.Folder, plugin.Sha256, HashKey),
        { Task: PluginTaskOptions { Folder.Length: > 0 } task } =>
            PluginAssemblies.Of(task.Folder, task.Sha256, PluginTaskOptions.HashKey),
        _ => null,
    };

    /// <summary>
    /// The folder that a whole configuration names, for components or for a task of the way before; null if none.
    /// </summary>
    public static string? NamedBy(HoconBlock complete)
    {
        var task = (complete[ConfigurationLayers.Root] as HoconBlock)?["task"] as HoconBlock;
        var folder = task is not null && Text(task, "name") == Component.Of<PluginTaskOptions>().Name
            ? Text(task, "folder")
            : BlockOf(complete) is { } block ? Text(block, "folder") : null;
        return folder is { Length: > 0 } ? folder : null;
    }

    /// <summary>A text that names a folder, as the text for a task of the way before components.</summary>
    public static HoconBlock AsTask(HoconBlock text) =>
        BlockOf(text) is { } block && Text(block, "folder") is { Length: > 0 } folder
            ? Without(text).Overlay(ConfigurationSource.PluginTask(folder, block.Position.Source))
            : text;

    /// <summary>The choice of a plugin's task as the default, if it brings exactly one.</summary>
    public static HoconBlock? OnlyTask(PluginAssemblies? assemblies)
    {
        var tasks = (assemblies?.Components ?? []).Where(type => typeof(TaskOptions).IsAssignableFrom(type)).ToArray();
        return tasks.Length == 1
            ? ConfigurationSource.Parse($"involute.task = {Component.Of(tasks[0]).Name}", "the defaults of the plugin")
            : null;
    }

    private static HoconBlock? BlockOf(HoconBlock text) =>
        (text[ConfigurationLayers.Root] as HoconBlock)?[Block] as HoconBlock;

    // A text that is allowed, which the others that are read later may not be.
    private static string? Checked(HoconBlock block, string key) => block[key] is null
        ? null
        : new BlockReader(block, $"{ConfigurationLayers.Root}.{Block}", KnownComponents.BuiltIn, LayerOrder.OfOne)
            .Option(Options.Single(option => option.Key == key)) as string;

    private static string? Text(HoconBlock block, string key) => (block[key] as HoconScalar)?.Text;

    private static HoconBlock Without(HoconBlock text)
    {
        var result = new HoconBlock(text.Position);
        foreach (var (key, node) in text.Entries)
        {
            if (key != ConfigurationLayers.Root || node is not HoconBlock involute)
            {
                result.Set(key, node);
                continue;
            }

            var rest = new HoconBlock(involute.Position);
            foreach (var (inner, value) in involute.Entries.Where(entry => entry.Key != Block))
            {
                rest.Set(inner, value);
            }

            result.Set(key, rest);
        }

        return result;
    }
}
