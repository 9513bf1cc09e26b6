using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Draws a series of numbers, with a gap where a number is not finite.</summary>
internal static class Curves
{
    /// <summary>Adds a line; a lone point becomes a dot. Draws nothing if no value is finite.</summary>
    public static void Add(
        Plot plot, IReadOnlyList<double> x, IReadOnlyList<double> y, Color color, string? label, float width = 2)
    {
        Coordinates[] points =
        [
            .. x.Zip(y, (a, b) => new Coordinates(a, b))
                .Select(p => double.IsFinite(p.Y) ? p : new Coordinates(p.X, double.NaN)),
        ];
        var finite = points.Count(point => double.IsFinite(point.Y));
        if (finite == 0)
        {
            return;
        }

        var line = finite == 1
            ? plot.Add.Scatter(points.Where(point => double.IsFinite(point.Y)).ToArray(), color)
            : plot.Add.ScatterLine(points, color);
        line.LineWidth = width;
        if (finite == 1)
        {
            line.MarkerSize = 9;
        }

        if (label is not null)
        {
            line.LegendText = label;
        }
    }

    /// <summary>
    /// Mean over the last <paramref name="window"/> finite values up to each place; NaN before the first.
    /// </summary>
    public static double[] RunningMean(IReadOnlyList<double> values, int window)
    {
        var mean = new RunningMean(window);
        return [.. values.Select(mean.Add)];
    }
}
