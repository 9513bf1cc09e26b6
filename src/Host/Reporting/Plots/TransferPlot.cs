using Involute.Host.Evaluation;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Involute.Host.Reporting.Plots;

/// <summary>One theta on several settings, with baselines: a column for each setting, mean ± standard error.</summary>
internal static class TransferPlot
{
    // Of points beside each other, and of all that belong to a setting.
    private const double Apart = 0.16;
    private const double Together = 0.8;
    private const int LongestLabel = 28;

    public static void Write(PlotStyle style, TransferReport report, string path)
    {
        ArgumentNullException.ThrowIfNull(report);
        var rows = report.Rows();
        var plot = style.Panel(
            $"Transfer of theta of outer step {rows[0].OuterStep}: mean ± standard error over {rows[0].Trials} trajectories", "",
            rows[0].Measure);
        double[] all =
        [
            .. rows.SelectMany(row => row.Scores).Select(score => score.Loss).OfType<Statistic>()
                .SelectMany(loss => new[] { -1, 0, 1 }.Select(side => loss.Mean + (side * (loss.StandardError ?? 0)))),
        ];
        var axis = ScaledAxis.For(all);
        var count = rows[0].Scores.Count;

        // Meta-trained last, so that it lies on top.
        for (var series = count - 1; series >= 0; series--)
        {
            Draw(style, plot, axis, rows, series, (series - ((count - 1) / 2.0)) * Math.Min(Apart, Together / count));
        }

        PlotStyle.Fit(plot, axis, all);
        plot.Axes.SetLimitsX(-0.6, rows.Count - 0.4);
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. rows.Select((row, i) => new Tick(i, Label(row)))]);
        if (all.Length > 0)
        {
            plot.ShowLegend(Alignment.UpperLeft);
        }
        else
        {
            style.Note(plot, "all diverged");
        }

        PlotStyle.Save(plot, path);
    }

    private static void Draw(
        PlotStyle style, Plot plot, ScaledAxis axis, IReadOnlyList<TransferRow> rows, int series, double shift)
    {
        // Meta-trained, then what it was before, then the tuned baselines; a theta of a problem of its own has only the first two.
        var color = series switch
        {
            0 => style.Main,
            1 => rows[0].Scores.Count == 2 ? style.Rival : style.Faint,
            _ => style.Of(series - 1),
        };
        var label = rows[0].Scores[series].Name;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Scores[series].Loss is not { } loss || !double.IsFinite(axis.Map(loss.Mean)))
            {
                continue;
            }

            var (x, y) = (i + shift, axis.Map(loss.Mean));
            if (loss.StandardError is { } error && double.IsFinite(axis.Map(loss.Mean - error)))
            {
                var line = plot.Add.Line(x, axis.Map(loss.Mean - error), x, axis.Map(loss.Mean + error));
                line.Color = color;
                line.LineWidth = 2;
            }

            var marker = plot.Add.Marker(x, y, size: 11, color: color);
            if (label is not null)
            {
                marker.LegendText = label;
                label = null;
            }
        }
    }

    private static string Label(TransferRow row)
    {
        var text = row.On.Length > LongestLabel ? $"{row.On[..(LongestLabel - 1)]}…" : row.On;
        return row.Scores.Any(score => score.Loss is null)
            ? $"{text}\n({string.Join(", ", row.Scores.Where(score => score.Loss is null).Select(score => score.Name))}: diverged)"
            : text;
    }
}
