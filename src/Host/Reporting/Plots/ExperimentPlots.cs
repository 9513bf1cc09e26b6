using System.Globalization;
using Involute.Reproduction.Results;
using Involute.Tasks.Numerics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Involute.Host.Reporting.Plots;

/// <summary>The figures of published experiments: lines, or distances from exact values.</summary>
internal static class ExperimentPlots
{
    /// <summary>Draws a figure into a folder.</summary>
    public static void Draw(Figure figure, string folder)
    {
        var path = Path.Combine(folder, $"{figure.Name}.png");
        switch (figure)
        {
            case LinesFigure lines:
                Lines(lines.Title, lines.X, lines.Y, lines.Curves, path, lines.LogX);
                break;
            case DistancesFigure distances:
                Distances(distances.Title, distances.Quantities, path);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(figure), figure, "unknown figure");
        }
    }

    private static void Lines(string title, string x, string y, IReadOnlyList<Curve> curves, string path, bool logX)
    {
        var plot = PlotStyle.Light.Panel(title, x, y);
        double[] all = [.. curves.SelectMany(curve => curve.Y)];
        var axis = ScaledAxis.For(all);
        for (var i = 0; i < curves.Count; i++)
        {
            double[] places = [.. curves[i].X.Select(value => logX ? PortableMath.Log(value) : value)];
            Curves.Add(plot, places, [.. curves[i].Y.Select(axis.Map)], PlotStyle.Light.Of(i), curves[i].Label);
        }

        if (Array.Exists(all, double.IsFinite))
        {
            plot.Axes.AutoScale();
            axis.Fit(plot, all);
            plot.ShowLegend(logX ? Alignment.UpperLeft : Alignment.UpperRight);
            if (logX)
            {
                plot.Axes.Bottom.TickGenerator = new NumericManual(
                    [.. curves.SelectMany(curve => curve.X).Distinct().Select(Labelled)]);
            }
        }
        else
        {
            PlotStyle.Light.Note(plot, "no finite number");
        }

        PlotStyle.Save(plot, path);
    }

    private static void Distances(string title, IEnumerable<Quantity> quantities, string path)
    {
        var plot = PlotStyle.Light.Panel(title, "row of the table", "(ours − exact) / standard error");
        double[] z = [.. quantities.Select(Distance).Where(double.IsFinite)];
        if (z.Length == 0)
        {
            PlotStyle.Light.Note(plot, "no exact value to compare with");
        }
        else
        {
            var dots = plot.Add.ScatterPoints(
                Enumerable.Range(1, z.Length).Select(i => (double)i).ToArray(), z, PlotStyle.Light.Main);
            dots.MarkerSize = 9;
            plot.Add.HorizontalLine(4, 1.5f, PlotStyle.Light.Rival, LinePattern.Dashed);
            plot.Add.HorizontalLine(-4, 1.5f, PlotStyle.Light.Rival, LinePattern.Dashed);
            plot.Axes.SetLimits(0, z.Length + 1, Math.Min(-6, z.Min() - 1), Math.Max(6, z.Max() + 1));
        }

        PlotStyle.Save(plot, path);
    }

    private static Tick Labelled(double value) =>
        new(PortableMath.Log(value), value.ToString("0.###", CultureInfo.InvariantCulture));

    private static double Distance(Quantity quantity) => quantity is { Expected: { } e, StandardError: > 0 }
        ? (quantity.Value - ((e.Least + e.Most) / 2)) / quantity.StandardError.Value
        : double.NaN;
}
