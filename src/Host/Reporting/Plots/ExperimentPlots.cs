using System.Globalization;
using Involute.Host.Reproduction.Results;
using Involute.Tasks.Numerics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Involute.Host.Reporting.Plots;

/// <summary>The figures of published experiments: lines, or distances from exact values.</summary>
internal static class ExperimentPlots
{
    /// <summary>Lines on a vertical axis that is logarithmic where the numbers ask for it.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">Horizontal axis.</param>
    /// <param name="y">Vertical axis.</param>
    /// <param name="curves">The lines.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="logX">Equal ratios are equally far apart on the horizontal axis, and only its own values are labelled.</param>
    public static void Lines(string title, string x, string y, IReadOnlyList<Curve> curves, string path, bool logX = false)
    {
        var plot = PlotStyle.Panel(title, x, y);
        double[] all = [.. curves.SelectMany(curve => curve.Y)];
        var axis = ScaledAxis.For(all);
        for (var i = 0; i < curves.Count; i++)
        {
            double[] places = [.. curves[i].X.Select(value => logX ? PortableMath.Log(value) : value)];
            Curves.Add(plot, places, [.. curves[i].Y.Select(axis.Map)], PlotStyle.Of(i), curves[i].Label);
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
            PlotStyle.Note(plot, "no finite number");
        }

        PlotStyle.Save(plot, path);
    }

    /// <summary>How many standard errors each number is from what it should be.</summary>
    public static void Distances(string title, IEnumerable<Quantity> quantities, string path)
    {
        var plot = PlotStyle.Panel(title, "row of the table", "(ours − exact) / standard error");
        double[] z = [.. quantities.Select(Distance).Where(double.IsFinite)];
        if (z.Length == 0)
        {
            PlotStyle.Note(plot, "no exact value to compare with");
        }
        else
        {
            var dots = plot.Add.ScatterPoints(Enumerable.Range(1, z.Length).Select(i => (double)i).ToArray(), z, PlotStyle.Main);
            dots.MarkerSize = 9;
            plot.Add.HorizontalLine(4, 1.5f, PlotStyle.Rival, LinePattern.Dashed);
            plot.Add.HorizontalLine(-4, 1.5f, PlotStyle.Rival, LinePattern.Dashed);
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
