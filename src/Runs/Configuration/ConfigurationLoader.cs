using Involute.Runs.Ledger;
using Involute.Runs.Plugins;
using Involute.Runs.Stores;
using Involute.Tasks.Components;

namespace Involute.Runs.Configuration;

/// <summary>Makes the effective configuration of a new run, or of one that is resumed.</summary>
/// <remarks>
/// The methods throw <see cref="ConfigurationException"/> where a text is wrong, <see cref="PluginException"/> where a
/// plugin's folder is.
/// </remarks>
public static class ConfigurationLoader
{
    /// <summary>Name of the effective configuration in a run folder.</summary>
    public const string FileName = "config.conf";

    private const string AkkaRoot = "akka";

    /// <summary>
    /// Configuration of a new run: defaults, those of the chosen components, then files, then arguments, in their
    /// order. What a plugin's folder holds is written into it.
    /// </summary>
    /// <param name="files">Values of <c>--config</c>.</param>
    /// <param name="arguments">Values of <c>--set</c>, each <c>KEY=VALUE</c>.</param>
    /// <param name="plugin">
    /// Value of <c>--plugin</c>: a folder with components of a user's own. If it brings one task, that is the default
    /// task.
    /// </param>
    public static RunConfiguration Load(
        IReadOnlyList<string> files, IReadOnlyList<string> arguments, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(arguments);
        HoconBlock[] layers =
        [
            .. files.Select(ConfigurationSource.File),
            .. plugin is null ? Array.Empty<HoconBlock>() : [ConfigurationSource.Plugin(plugin)],
            .. arguments.Select(ConfigurationSource.Argument),
        ];
        var configuration = Effective(null, layers).Read().WithLocatedPlugin();
        return Array.Exists(layers, SetsActors) ? configuration : configuration.WithFullDevice();
    }

    /// <summary>The store of a new run with this configuration: where runs may be of which this machine has no folder.</summary>
    /// <param name="files">Values of <c>--config</c>.</param>
    /// <param name="arguments">Values of <c>--set</c>.</param>
    internal static StoreOptions LoadStore(IReadOnlyList<string> files, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(arguments);

        // Commands that only look at runs ask for it each time; reading a whole configuration takes longer than all they show.
        return files.Count == 0 && arguments.Count == 0 ? new RunConfiguration().Store : Load(files, arguments).Store;
    }

    /// <summary>
    /// Configuration of a run that goes on: its own <see cref="FileName"/> instead of the defaults, and for keys that
    /// are younger than the run what it has always gone by, then arguments.
    /// Only settings that may change (<see cref="OptionDescription.MayChange"/>) may differ.
    /// </summary>
    /// <param name="runFolder">Folder of the run.</param>
    /// <param name="arguments">Values of <c>--set</c>.</param>
    /// <param name="plugin">Value of <c>--plugin</c>: where the run's plugin is now.</param>
    public static RunConfiguration LoadRun(
        string runFolder, IReadOnlyList<string> arguments, string? plugin = null) =>
        LoadChanged(runFolder, arguments, plugin).After;

    /// <summary>The same, with the configuration as it stands in the folder.</summary>
    public static (RunConfiguration Before, RunConfiguration After) LoadChanged(
        string runFolder, IReadOnlyList<string> arguments, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        ArgumentNullException.ThrowIfNull(arguments);
        var own = ConfigurationSource.File(Path.Combine(runFolder, FileName));
        IReadOnlyList<HoconBlock> moved = plugin is null ? [] : [ConfigurationSource.Plugin(plugin)];

        // Components of a plugin that has moved are found where it is now.
        var before = Effective(own, [], moved).Read();
        if (arguments.Count == 0 && plugin is null)
        {
            return (before, before);
        }

        var changed = Effective(own, [.. moved, .. arguments.Select(ConfigurationSource.Argument)]);
        var after = changed.Read();
        ResumeRules.Check(before, after, changed.Involute);
        return (before, after);
    }

    /// <summary>
    /// Configuration of a new run that goes on from another one: that run's own, with files and arguments over it. Where they
    /// choose another component, its defaults come in between.
    /// </summary>
    /// <param name="runFolder">Folder of the other run.</param>
    /// <param name="files">Values of <c>--config</c>.</param>
    /// <param name="arguments">Values of <c>--set</c>.</param>
    /// <param name="plugin">Value of <c>--plugin</c>.</param>
    /// <param name="changes">Settings that have changed in that run since it began, oldest first; null for none.</param>
    internal static RunConfiguration LoadFork(
        string runFolder, IReadOnlyList<string> files, IReadOnlyList<string> arguments, string? plugin,
        IReadOnlyList<SettingChanged>? changes = null)
    {
        var own = (changes ?? []).Aggregate(
            ConfigurationSource.File(Path.Combine(runFolder, FileName)),
            (text, change) => text.Overlay(ConfigurationSource.Argument($"{change.Key}={change.To}")));
        var layers = files.Select(ConfigurationSource.File)
            .Concat(plugin is null ? [] : [ConfigurationSource.Plugin(plugin)])
            .Concat(arguments.Select(ConfigurationSource.Argument));
        return Effective(own, [.. layers]).Read().WithLocatedPlugin();
    }

    /// <summary>
    /// A run's configuration as another process has sent it, with this process's place of its plugin.
    /// </summary>
    /// <param name="text">As <see cref="RunConfiguration.ToHocon"/> writes it.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="plugin">Value of <c>--plugin</c>, or null.</param>
    /// <exception cref="PluginException">The run has a plugin, and <paramref name="plugin"/> is null or has other
    /// content.</exception>
    public static RunConfiguration Receive(string text, string source, string? plugin)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        var sent = ConfigurationSource.Parse(text, source);

        // Which code runs here is for this machine to say, not for the process that leads.
        if (plugin is null && PluginFolders.NamedBy(sent) is { } folder)
        {
            throw new PluginException(
                folder, "the run has a plugin, which this process loads only from its own folder: --plugin DIR");
        }

        return Effective(sent, plugin is null ? [] : [ConfigurationSource.Plugin(plugin)]).Read();
    }

    /// <summary>An effective configuration with one setting changed.</summary>
    /// <param name="configuration">As it is.</param>
    /// <param name="argument">As for <c>--set</c>: <c>KEY=VALUE</c>.</param>
    internal static RunConfiguration Changed(RunConfiguration configuration, string argument) =>
        Effective(
            ConfigurationSource.Parse(configuration.ToHocon(), "the run's settings"),
            [ConfigurationSource.Argument(argument)]).Read();

    /// <summary>Whether one of some values of <c>--set</c> names a key, with any value.</summary>
    internal static bool Names(IEnumerable<string> arguments, string key) => arguments.Any(
        argument => ConfigurationSource.Argument(argument)[ConfigurationLayers.Root] is HoconBlock settings
            && settings.Find(key[(ConfigurationLayers.Root.Length + 1)..]) is not null);

    /// <summary>Only the block <c>akka</c> of some files, for a process that takes part in others' runs.</summary>
    /// <param name="files">Values of <c>--config</c>.</param>
    public static string LoadAkka(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Effective(null, [.. files.Select(ConfigurationSource.File)]).Akka;
    }

    /// <summary>Reads a whole configuration, as <see cref="RunConfiguration.ToHocon"/> writes it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What messages call it.</param>
    public static RunConfiguration Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        return Effective(ConfigurationSource.Parse(text, source), []).Read();
    }

    /// <summary>
    /// The components that a configuration may choose from: the built-in ones, and those of a plugin.
    /// </summary>
    /// <param name="plugin">Value of <c>--plugin</c>, or null.</param>
    public static ComponentCatalogue Catalogue(string? plugin) =>
        plugin is null ? KnownComponents.BuiltIn : KnownComponents.With(PluginAssemblies.Load(plugin));

    /// <param name="complete">What to use instead of the defaults, if anything.</param>
    /// <param name="layers">What is laid over it.</param>
    /// <param name="moved">Where the plugin is, if <paramref name="complete"/> is to be read as it is.</param>
    private static EffectiveText Effective(
        HoconBlock? complete, IReadOnlyList<HoconBlock> layers, IReadOnlyList<HoconBlock>? moved = null)
    {
        var texts = complete is null ? layers : [complete, .. layers];
        var plugin = PluginFolders.Find([.. texts, .. moved ?? []]);
        if (plugin.Assemblies is { Components.Count: 0 })
        {
            // The folder has problems of the way before components: it is the task's.
            layers = [.. layers.Select(PluginFolders.AsTask)];
        }

        var catalogue = plugin.Assemblies is null ? KnownComponents.BuiltIn : KnownComponents.With(plugin.Assemblies);
        plugin.Assemblies?.Require(plugin.Sha256, PluginFolders.HashKey);
        var settings = DefaultSettings.General();
        var merged = new ConfigurationLayers(catalogue);
        merged.Add(
            complete is null ? settings : SettingsAddedLater.FillIn(Involute(complete, settings, catalogue), catalogue),
            isComplete: complete is not null);
        if (complete is null)
        {
            IReadOnlyList<HoconBlock> chosen = PluginFolders.OnlyTask(plugin.Assemblies) is { } task
                ? [task, .. layers]
                : layers;
            foreach (var defaults in chosen.Except(layers).Select(text => Involute(text, settings, catalogue))
                .Concat(DefaultSettings.OfChosen(catalogue, chosen)))
            {
                merged.Add(defaults, areDefaults: true);
            }
        }

        foreach (var layer in layers)
        {
            merged.Add(Involute(layer, settings, catalogue));
        }

        merged.Finish();
        DecayOverRun.FillIn(merged.Merged!, catalogue);

        var akka = layers.Prepend(complete ?? new HoconBlock(default)).Select(text => Block(text, AkkaRoot))
            .Aggregate((lower, upper) => lower.Overlay(upper));
        return new EffectiveText(
            merged.Merged!, akka.IsEmpty ? "" : HoconText.Of(AkkaRoot, akka), catalogue,
            new LayerOrder([.. layers.Select(layer => layer.Position.Source)]));
    }

    private static HoconBlock Involute(HoconBlock text, HoconBlock settings, ComponentCatalogue catalogue)
    {
        var (key, node) = text.Entries.FirstOrDefault(entry => entry.Key is not (ConfigurationLayers.Root or AkkaRoot));
        if (key is not null)
        {
            // Most often a setting was written without the block around it.
            var meant = settings[key] is not null
                ? $" (did you mean '{ConfigurationLayers.Root}.{key}'?)"
                : TheirNames.Hint(catalogue, key) ?? Spelling.Suggest(key, [ConfigurationLayers.Root, AkkaRoot]);
            throw new ConfigurationException(
                node.Position, key, $"unknown key{meant}", $"{ConfigurationLayers.Root}, {AkkaRoot}");
        }

        return Block(text, ConfigurationLayers.Root);
    }

    private static HoconBlock Block(HoconBlock text, string key) => text[key] switch
    {
        null => new HoconBlock(text.Position),
        HoconBlock block => block,
        { } other => throw new ConfigurationException(
            other.Position, key, $"{other.Description} is not a block", "a block { … }"),
    };

    private static bool SetsActors(HoconBlock layer) =>
        layer[ConfigurationLayers.Root] is HoconBlock settings && settings.Find("pairs-per-actor") is not null;

    // A device computes what one actor asks for in one launch, and each actor costs a launch.
    private static RunConfiguration WithFullDevice(this RunConfiguration configuration) => configuration.Gpu.HasDevice
        ? configuration with { PairsPerActor = Math.Min(configuration.Pairs, GpuOptions.PairsPerActor) }
        : configuration;

    private static RunConfiguration WithLocatedPlugin(this RunConfiguration configuration)
    {
        if (configuration.Task is PluginTaskOptions { Folder.Length: > 0 } task)
        {
            configuration = configuration with { Task = task.Located() };
        }

        if (configuration.Plugin.Folder.Length == 0)
        {
            return configuration;
        }

        var folder = PluginAssemblies.Load(configuration.Plugin.Folder).Folder;
        var sha256 = configuration.Plugin.Sha256 is { Length: > 0 } written ? written : folder.Sha256;
        return configuration with { Plugin = new PluginOptions { Folder = folder.FullPath, Sha256 = sha256 } };
    }

    private sealed record EffectiveText(HoconBlock Involute, string Akka, ComponentCatalogue Catalogue, LayerOrder Order)
    {
        public RunConfiguration Read() => ConfigurationReader.Read(Involute, Akka, Catalogue, Order);
    }
}
