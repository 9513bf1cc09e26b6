using Involute.Host.Reporting;

namespace Involute.Host.Listing;

/// <summary>What metrics.csv says of the meta-loss of a run.</summary>
/// <param name="Last">Mean of the last rows; null without a row.</param>
/// <param name="Best">The lowest such mean in the run.</param>
internal sealed record LossSummary(double? Last, double? Best)
{
    /// <summary>Reads it, also while a learner writes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LossSummary Of(string metrics)
    {
        var losses = new List<double>();
        var column = -1;
        CsvRows.Read(
            metrics,
            long.MaxValue,
            names => column = names.ToList().IndexOf(MetricsCsv.MeanMetaLoss),
            row =>
            {
                if (column >= 0)
                {
                    losses.Add(row[column]);
                }
            },
            name => name == MetricsCsv.MeanMetaLoss);
        return Of(losses);
    }

    /// <summary>The same of numbers.</summary>
    public static LossSummary Of(IReadOnlyList<double> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var window = RunningMean.Window(losses.Count);
        var mean = new RunningMean(window);
        double? last = null;
        double? best = null;
        for (var row = 0; row < losses.Count; row++)
        {
            last = mean.Add(losses[row]) is var value && double.IsFinite(value) ? value : last;
            if (row >= window - 1 && last is { } now && !(now >= best))
            {
                best = now;
            }
        }

        return new LossSummary(last, best);
    }
}
