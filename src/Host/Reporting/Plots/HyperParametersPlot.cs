using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Theta over outer steps: a panel for each scalar in its natural unit, one for all larger tensors.</summary>
internal static class HyperParametersPlot
{
    private const string LargerTensor = "theta_mean_abs/";
    private const int MostScalars = 8;

    public static void Write(CsvTable metrics, string title, string path)
    {
        var panels = new List<Plot>();
        foreach (var column in metrics.Names)
        {
            if (HyperParameter.OfColumn(column) is { } scalar && panels.Count < MostScalars)
            {
                panels.Add(Scalar(metrics, column, scalar));
            }
        }

        string[] tensors = [.. metrics.Names.Where(name => name.StartsWith(LargerTensor, StringComparison.Ordinal))];
        if (tensors.Length > 0)
        {
            panels.Add(Tensors(metrics, tensors));
        }

        if (panels.Count == 0)
        {
            panels.Add(PlotStyle.Panel("Theta", "outer step", "theta"));
            PlotStyle.Note(panels[0], "no outer step yet");
        }

        // Beside another panel there is room for a panel's own name only.
        if (panels.Count == 1)
        {
            panels[0].Title($"{panels[0].Axes.Title.Label.Text} — {title}", size: 17);
        }

        PlotStyle.Save(panels, panels.Count > 1 ? 2 : 1, path);
    }

    private static Plot Scalar(CsvTable metrics, string column, HyperParameter scalar)
    {
        var values = Array.ConvertAll(metrics[column], value => scalar.Value(value));
        var axis = scalar.Axis(values);
        var plot = PlotStyle.Panel(scalar.Name, "outer step", scalar.Name);
        Curves.Add(plot, metrics["outer_step"], Array.ConvertAll(values, axis.Map), PlotStyle.Main, null, 2.5f);
        PlotStyle.Fit(plot, axis, values);
        return plot;
    }

    private static Plot Tensors(CsvTable metrics, string[] columns)
    {
        var plot = PlotStyle.Panel("tensors of theta", "outer step", "mean absolute value");
        double[] all = [.. columns.SelectMany(column => metrics[column])];
        var axis = ScaledAxis.For(all);
        for (var i = 0; i < columns.Length; i++)
        {
            var places = Array.ConvertAll(metrics[columns[i]], axis.Map);
            Curves.Add(plot, metrics["outer_step"], places, PlotStyle.Of(i), columns[i][LargerTensor.Length..]);
        }

        PlotStyle.Fit(plot, axis, all);
        plot.ShowLegend(Edge.Right);
        return plot;
    }
}
