namespace Involute.Hosting.Configuration;

/// <summary>
/// The defaults that depend on the learned optimizer: what suits a handful of hyper-parameters does not suit a network.
/// </summary>
internal static class OptimizerDefaults
{
    /// <summary>The block of the reference that holds them, as optimizer.key.</summary>
    public const string Root = "optimizer-defaults";

    /// <summary>The defaults of the optimizer that the layers end up with, or null where it has none of its own.</summary>
    /// <param name="reference">The built-in reference.</param>
    /// <param name="layers">Whole texts, not yet checked; later ones win.</param>
    public static HoconBlock? Of(HoconBlock reference, IReadOnlyList<HoconBlock> layers)
    {
        var name = Chosen(KnownNames.Optimizers, layers.Prepend(reference));
        return KnownNames.Optimizers.Find(name) is { } choice
            ? ((HoconBlock)reference[Root]!)[choice.Name] as HoconBlock
            : null;
    }

    /// <summary>
    /// A task with a theta of its own goes with no optimizer: the only one that is allowed is its default. Null for others.
    /// </summary>
    /// <param name="reference">The built-in reference.</param>
    /// <param name="layers">Whole texts, not yet checked; later ones win.</param>
    public static HoconBlock? OfTask(HoconBlock reference, IReadOnlyList<HoconBlock> layers) =>
        Chosen(KnownNames.Tasks, layers.Prepend(reference)) is KnownNames.MemorylessLinear or KnownNames.Plugin
            ? ConfigurationSource.Parse($"{KnownNames.Optimizers.Block} = {KnownNames.None}", ConfigurationSource.ReferenceName)
            : null;

    private static string Chosen(NameTable table, IEnumerable<HoconBlock> texts) =>
        texts.Select(text => ChosenBy(table, text)).OfType<HoconScalar>().Last().Text;

    private static HoconNode? ChosenBy(NameTable table, HoconBlock text)
    {
        return (text[ConfigurationLayers.Root] as HoconBlock)?[table.Block] switch
        {
            HoconBlock block => block[table.NameKey],
            HoconScalar { IsQuoted: false, Text: "null" } => null,
            var node => node,
        };
    }
}
