using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>
/// Theta over outer steps: a panel for each scalar and each short vector in its natural unit, one for all larger
/// tensors.
/// </summary>
internal static class HyperParametersPlot
{
    private const int MostPanels = 8;

    // More labels would not fit beside a panel.
    private const int MostLabels = 12;

    /// <summary>Whether a column of metrics.csv is shown.</summary>
    public static bool Shows(string column) =>
        HyperParameter.OfColumn(column) is not null
        || column.StartsWith(ThetaColumns.MeanAbsolute, StringComparison.Ordinal);

    public static void Write(PlotStyle style, CsvTable metrics, string title, string path)
    {
        var panels = new List<Plot>();
        foreach (var columns in metrics.Names.Where(name => HyperParameter.OfColumn(name) is not null)
            .GroupBy(name => ThetaColumns.ElementOf(name)?.Vector ?? name).Take(MostPanels))
        {
            panels.Add(Values(style, metrics, [.. columns], HyperParameter.OfColumn(columns.Key)!));
        }

        string[] tensors =
            [.. metrics.Names.Where(name => name.StartsWith(ThetaColumns.MeanAbsolute, StringComparison.Ordinal))];
        if (tensors.Length > 0)
        {
            panels.Add(Tensors(style, metrics, tensors));
        }

        if (panels.Count == 0)
        {
            panels.Add(style.Panel("Theta", "outer step", "theta"));
            style.Note(panels[0], "no outer step yet");
        }

        // Beside another panel there is room for a panel's own name only.
        if (panels.Count == 1)
        {
            panels[0].Title($"{panels[0].Axes.Title.Label.Text} — {title}", size: 17);
        }

        PlotStyle.Save(panels, panels.Count > 1 ? 2 : 1, path);
    }

    private static Plot Values(PlotStyle style, CsvTable metrics, string[] columns, HyperParameter unit)
    {
        double[][] values =
            [.. columns.Select(column => Array.ConvertAll(metrics[column], value => unit.Value(value)))];
        double[] all = [.. values.SelectMany(value => value)];
        var axis = unit.Axis(all);
        var plot = style.Panel(unit.Name, "outer step", unit.Name);
        for (var i = 0; i < values.Length; i++)
        {
            var label = ThetaColumns.ElementOf(columns[i]) is { } it && values.Length <= MostLabels
                ? $"[{it.Element}]"
                : null;
            Curves.Add(
                plot, metrics[MetricsCsv.OuterStep], Array.ConvertAll(values[i], axis.Map),
                values.Length == 1 ? style.Main : style.Of(i), label, 2.5f);
        }

        PlotStyle.Fit(plot, axis, all);
        if (values.Length is > 1 and <= MostLabels)
        {
            plot.ShowLegend(Edge.Right);
        }

        return plot;
    }

    private static Plot Tensors(PlotStyle style, CsvTable metrics, string[] columns)
    {
        var plot = style.Panel("tensors of theta", "outer step", "mean absolute value");
        double[] all = [.. columns.SelectMany(column => metrics[column])];
        var axis = ScaledAxis.For(all);
        for (var i = 0; i < columns.Length; i++)
        {
            var places = Array.ConvertAll(metrics[columns[i]], axis.Map);
            Curves.Add(plot, metrics[MetricsCsv.OuterStep], places, style.Of(i), columns[i][ThetaColumns.MeanAbsolute.Length..]);
        }

        PlotStyle.Fit(plot, axis, all);
        plot.ShowLegend(Edge.Right);
        return plot;
    }
}
