using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Meta-loss over outer steps: each step's, and a running mean.</summary>
internal static class MetaLossPlot
{
    public static void Write(CsvTable metrics, string title, string path)
    {
        var plot = PlotStyle.Panel($"Meta-loss — {title}", "outer step", "mean meta-loss (normalised inner loss)");
        if (metrics.Rows == 0)
        {
            PlotStyle.Note(plot, "no outer step yet");
        }
        else
        {
            Draw(plot, metrics, metrics["mean_meta_loss"]);
        }

        PlotStyle.Save(plot, path);
    }

    private static void Draw(Plot plot, CsvTable metrics, double[] losses)
    {
        var steps = metrics["outer_step"];
        var window = metrics.IsThinned ? RunningMean.MostRows : Math.Clamp(losses.Length / 20, 1, RunningMean.MostRows);
        var mean = metrics.IsThinned ? metrics[CsvTable.Mean] : Curves.RunningMean(losses, window);
        var axis = ScaledAxis.For(losses);
        Curves.Add(plot, steps, Array.ConvertAll(losses, axis.Map), PlotStyle.Faint, "each outer step", 1);
        Curves.Add(plot, steps, Array.ConvertAll(mean, axis.Map), PlotStyle.Main, $"mean of the last {window}{(metrics.IsThinned ? " rows" : "")}", 3);
        PlotStyle.Fit(plot, axis, losses);
        plot.ShowLegend(Alignment.UpperRight);
    }
}
