using Involute.Host.Reporting.Clock;
using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Meta-loss over outer steps: each step's, its mean, and how far the pairs are apart.</summary>
internal static class MetaLossPlot
{
    /// <summary>Draws it.</summary>
    /// <param name="style">The style.</param>
    /// <param name="metrics">metrics.csv.</param>
    /// <param name="progress">progress.csv, which has the spread over all pairs; of an old run it has no rows.</param>
    /// <param name="title">What is trained.</param>
    /// <param name="path">The picture.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(PlotStyle style, CsvTable metrics, CsvTable progress, string title, string path)
    {
        var plot = style.Panel($"Meta-loss — {title}", "outer step", "mean meta-loss (normalised inner loss)");
        if (metrics.Rows == 0)
        {
            style.Note(plot, "no outer step yet");
        }
        else
        {
            Draw(style, plot, metrics, Spread.Of(progress));
        }

        PlotStyle.Save(plot, path);
    }

    private static void Draw(PlotStyle style, Plot plot, CsvTable metrics, Spread spread)
    {
        var losses = metrics[MetricsCsv.MeanMetaLoss];
        var axis = ScaledAxis.For(losses);
        double[] all = [.. losses, .. spread.Low, .. spread.High];

        // On a logarithmic axis a band that reaches 0 goes down to the lowest place.
        var floor = all.Select(axis.Map).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        Curves.AddBand(
            plot, spread.Steps,
            [.. spread.Low.Zip(spread.High, (low, high) => (Or(axis.Map(low), floor), axis.Map(high)))], style.Main,
            "80 % of the pairs");
        var (steps, means) = metrics.Means;
        var window = (metrics.IsThinned ? RunningMean.MostRows : RunningMean.Window(means.Length)) / metrics.RowsPerMean;
        var rows = LocalMean.Count(means.Length, window) * metrics.RowsPerMean;
        var places = Array.ConvertAll(losses, axis.Map);
        if (rows == 1)
        {
            Curves.Add(plot, metrics[MetricsCsv.OuterStep], places, style.Main, "each outer step");
        }
        else
        {
            Curves.Add(plot, metrics[MetricsCsv.OuterStep], places, style.Faint, "each outer step", 1);
            Curves.Add(
                plot, steps, Array.ConvertAll(LocalMean.Of(steps, means, window), axis.Map), style.Main,
                $"mean of {rows} around each", 3);
        }

        PlotStyle.Fit(plot, axis, all);
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static double Or(double place, double otherwise) => double.IsFinite(place) ? place : otherwise;

    /// <summary>Between which mean losses the pairs are, without the tenth at either end; as smooth as the mean.</summary>
    private sealed record Spread(double[] Steps, double[] Low, double[] High)
    {
        public static Spread Of(CsvTable progress)
        {
            if (progress.Rows == 0 || !progress.Names.Contains(ProgressCsv.LowLoss))
            {
                return new Spread([], [], []);
            }

            var (steps, low, high) = (
                progress[MetricsCsv.OuterStep], progress[ProgressCsv.LowLoss], progress[ProgressCsv.HighLoss]);
            var window = RunningMean.Window(steps.Length);
            return low.SequenceEqual(high)
                ? new Spread([], [], [])
                : new Spread(steps, LocalMean.Of(steps, low, window), LocalMean.Of(steps, high, window));
        }
    }
}
