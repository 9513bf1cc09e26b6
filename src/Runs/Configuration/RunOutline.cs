using Involute.Runs.Stores;

namespace Involute.Runs.Configuration;

/// <summary>
/// What a list of runs says of their settings. It can be read where the run's data or plugin is not.
/// </summary>
/// <param name="OuterSteps">Outer steps of the whole run; null if it is not told.</param>
/// <param name="Task">Name of the task.</param>
/// <param name="Optimizer">Name of the learned optimizer.</param>
/// <param name="Estimator">Name of the estimator.</param>
/// <param name="Store">Where ledger and checkpoints are; null if only a plugin knows such a store.</param>
internal sealed record RunOutline(long? OuterSteps, string Task, string Optimizer, string Estimator, StoreOptions? Store)
{
    /// <summary>Reads it out of the configuration of a run.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It is no configuration of a run.</exception>
    public static RunOutline Read(string path)
    {
        var text = ConfigurationSource.File(path);
        if (text[ConfigurationLayers.Root] is not HoconBlock block)
        {
            throw new ConfigurationException(
                text.Position, ConfigurationLayers.Root, "missing key", "the settings of a run in a block involute { … }");
        }

        var involute = SettingsAddedLater.FillIn(block, KnownComponents.BuiltIn);
        return new RunOutline(
            long.TryParse(Text(involute, "outer-steps"), out var steps) ? steps : null,
            Text(involute, "task.name"),
            Text(involute, "optimizer.name"),
            Text(involute, "estimator.name"),
            StoreOf(involute));
    }

    private static string Text(HoconBlock involute, string path) => (involute.Find(path) as HoconScalar)?.Text ?? "?";

    private static StoreOptions? StoreOf(HoconBlock involute)
    {
        var kind = ConfigurationSchema.Kinds.Single(kind => kind.Block == "store");
        var name = involute.Find($"{kind.Block}.{kind.NameKey}") as HoconScalar;
        return name is null || KnownComponents.BuiltIn.Find(kind, name.Text) is null
            ? null
            : (StoreOptions)ConfigurationReader.Component(
                new BlockReader(involute, ConfigurationLayers.Root, KnownComponents.BuiltIn, LayerOrder.OfOne)
                    .Block(kind.Block),
                kind);
    }
}
