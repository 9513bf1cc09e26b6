namespace Involute.Hosting.Configuration;

/// <summary>Makes the effective configuration of a new run, or of one that is resumed.</summary>
/// <remarks>Whatever is wrong with a text, the methods throw <see cref="ConfigurationException"/>.</remarks>
public static class ConfigurationLoader
{
    /// <summary>Name of the effective configuration in a run folder.</summary>
    public const string FileName = "config.conf";

    private const string AkkaRoot = "akka";
    private const string DefaultsRoot = "defaults";

    /// <summary>
    /// Configuration of a new run: built-in defaults, those of the chosen optimizer, then files, then arguments, in their
    /// order.
    /// </summary>
    /// <param name="files">Values of <c>--config</c>.</param>
    /// <param name="arguments">Values of <c>--set</c>, each <c>KEY=VALUE</c>.</param>
    /// <param name="plugin">
    /// Value of <c>--plugin</c>: the task is a problem out of that folder, whatever files say; <c>--set</c> may choose which.
    /// </param>
    public static RunConfiguration Load(
        IReadOnlyList<string> files, IReadOnlyList<string> arguments, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(arguments);
        var layers = files.Select(ConfigurationSource.File)
            .Concat(plugin is null ? [] : [ConfigurationSource.Plugin(plugin)])
            .Concat(arguments.Select(ConfigurationSource.Argument));
        return Effective(null, [.. layers]).Read();
    }

    /// <summary>
    /// Configuration of a run that goes on: its own <see cref="FileName"/> instead of the defaults, and for keys that are
    /// younger than the run what it has always gone by, then arguments.
    /// Only settings of <see cref="ResumeRules.MayChange"/> may differ.
    /// </summary>
    /// <param name="runFolder">Folder of the run.</param>
    /// <param name="arguments">Values of <c>--set</c>.</param>
    /// <param name="plugin">Value of <c>--plugin</c>: where the run's plugin is now.</param>
    public static RunConfiguration LoadRun(
        string runFolder, IReadOnlyList<string> arguments, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        ArgumentNullException.ThrowIfNull(arguments);
        var own = ConfigurationSource.File(Path.Combine(runFolder, FileName));
        var before = Effective(own, []).Read();
        if (arguments.Count == 0 && plugin is null)
        {
            return before;
        }

        IEnumerable<HoconBlock> moved = plugin is null ? [] : [ConfigurationSource.Plugin(plugin)];
        var changed = Effective(own, [.. moved, .. arguments.Select(ConfigurationSource.Argument)]);
        var after = changed.Read();
        ResumeRules.Check(before, after, changed.Involute);
        return after;
    }

    /// <summary>A run's configuration as another process has sent it, with this process's place of its plugin.</summary>
    /// <param name="text">As <see cref="RunConfiguration.ToHocon"/> writes it.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="plugin">Value of <c>--plugin</c>, or null.</param>
    public static RunConfiguration Receive(string text, string source, string? plugin)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        return Effective(
            ConfigurationSource.Parse(text, source), plugin is null ? [] : [ConfigurationSource.Plugin(plugin)]).Read();
    }

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

    /// <param name="complete">What to use instead of the built-in defaults, if anything.</param>
    /// <param name="layers">What is laid over it.</param>
    private static EffectiveText Effective(HoconBlock? complete, IReadOnlyList<HoconBlock> layers)
    {
        var reference = ConfigurationSource.Reference();
        var settings = (HoconBlock)reference[ConfigurationLayers.Root]!;
        var merged = new ConfigurationLayers((HoconBlock)reference[DefaultsRoot]!);
        merged.Add(complete is null ? settings : LaterSettings.FillIn(Involute(complete, settings)), isComplete: complete is not null);
        if (complete is null && OptimizerDefaults.Of(reference, layers) is { } ofOptimizer)
        {
            merged.Add(ofOptimizer, areDefaults: true);
        }

        if (complete is null && OptimizerDefaults.OfTask(reference, layers) is { } ofTask)
        {
            merged.Add(ofTask, areDefaults: true);
        }

        foreach (var layer in layers)
        {
            merged.Add(Involute(layer, settings));
        }

        var akka = layers.Prepend(complete ?? reference).Select(text => Block(text, AkkaRoot))
            .Aggregate((lower, upper) => lower.Overlay(upper));
        return new EffectiveText(merged.Merged!, akka.IsEmpty ? "" : HoconText.Of(AkkaRoot, akka));
    }

    private static HoconBlock Involute(HoconBlock text, HoconBlock settings)
    {
        var (key, node) = text.Entries.FirstOrDefault(entry => entry.Key is not (ConfigurationLayers.Root or AkkaRoot));
        if (key is not null)
        {
            // Most often a setting was written without the block around it.
            var meant = settings[key] is null
                ? Spelling.Suggest(key, [ConfigurationLayers.Root, AkkaRoot])
                : $" (did you mean '{ConfigurationLayers.Root}.{key}'?)";
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

    private sealed record EffectiveText(HoconBlock Involute, string Akka)
    {
        public RunConfiguration Read() => ConfigurationReader.Read(Involute, Akka);
    }
}
