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

    /// <summary>Adds a band behind a line: of a standard error, say. Places that are not finite are left out.</summary>
    public static void AddBand(
        Plot plot, IReadOnlyList<double> x, IReadOnlyList<(double Low, double High)> band, Color color, string? label = null)
    {
        (double X, double Top, double Bottom)[] places =
        [
            .. x.Zip(band, (at, it) => (at, it.High, it.Low))
                .Where(it => double.IsFinite(it.High) && double.IsFinite(it.Low)),
        ];
        if (places.Length > 1)
        {
            var filled = plot.Add.FillY(
                [.. places.Select(it => it.X)], [.. places.Select(it => it.Bottom)], [.. places.Select(it => it.Top)]);
            filled.FillColor = color.WithAlpha(0.2);
            filled.LineWidth = 0;
            filled.MarkerSize = 0;
            if (label is not null)
            {
                filled.LegendText = label;
            }
        }
    }
}
