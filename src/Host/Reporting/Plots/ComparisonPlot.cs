namespace Involute.Host.Reporting.Plots;

/// <summary>The mean of the meta-loss of several runs in one picture.</summary>
internal static class ComparisonPlot
{
    /// <summary>Draws it.</summary>
    /// <param name="style">The style.</param>
    /// <param name="curves">Name, places and losses of each run.</param>
    /// <param name="axis">Name of the axis.</param>
    /// <param name="path">The picture: vectors if it ends with .svg, else pixels.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(
        PlotStyle style, IReadOnlyList<(string Run, double[] X, double[] Loss)> curves, string axis, string path)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var plot = style.Panel("Meta-loss of several runs (means around each step)", axis, "mean meta-loss");
        double[][] means =
        [
            .. curves.Select(curve => LocalMean.Of(curve.X, curve.Loss, RunningMean.Window(curve.Loss.Length))),
        ];
        double[] all = [.. means.SelectMany(mean => mean)];
        var scale = ScaledAxis.For(all);
        for (var i = 0; i < curves.Count; i++)
        {
            Curves.Add(plot, curves[i].X, Array.ConvertAll(means[i], scale.Map), style.Of(i), curves[i].Run, 2.5f);
        }

        if (all.Length > 0)
        {
            PlotStyle.Fit(plot, scale, all);
            plot.ShowLegend(ScottPlot.Alignment.UpperRight);
        }
        else
        {
            style.Note(plot, "no outer step yet");
        }

        PlotStyle.SaveAs(plot, path);
    }
}
