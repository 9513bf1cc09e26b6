namespace Involute.Runs.Configuration;

/// <summary>
/// Which of some settings that contradict each other was written last: that one is blamed. A default, or what a run has gone by
/// so far, is right until somebody lays a file or an argument over it.
/// </summary>
/// <param name="layers">Sources of the layers over the defaults, or over a run's own settings; later ones win.</param>
internal sealed class LayerOrder(IReadOnlyList<string> layers)
{
    /// <summary>The order of a text without layers.</summary>
    public static LayerOrder OfOne { get; } = new([]);

    /// <summary>The setting that was written last; of several in one text the first of these. Null for none.</summary>
    public HoconNode? Latest(params IEnumerable<HoconNode?> settings) =>
        settings.OfType<HoconNode>().MaxBy(node => Rank(node.Position));

    private int Rank(SourcePosition position)
    {
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            if (layers[i] == position.Source)
            {
                return i + 1;
            }
        }

        return DefaultSettings.Are(position) ? -1 : 0;
    }
}
