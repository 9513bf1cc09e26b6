using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>
/// The first pairs over the latest outer steps: their losses, and their step counters out of lockstep.
/// </summary>
internal static class PairsPlot
{
    // Step counters are sawtooth curves: enough teeth to see that they do not line up, few enough to tell them apart.
    private const int WantedTeeth = 3;
    private const int FewestSteps = 40;
    private const int MostSteps = 400;

    /// <summary>What is shown is in so many bytes at the end of the table: no row of eight pairs takes 200.</summary>
    public const long MostBytes = 1 << 20;

    public static void Write(PlotStyle style, CsvTable pairs, string title, string path)
    {
        var losses = style.Panel($"Inner loss of single pairs — {title} (a dot: of two trajectories)", "outer step", "mean loss of the window");
        var counters = style.Panel(
            $"Their inner steps: {Standing(pairs)} (a dot: a trajectory begins)", "outer step",
            "inner step");
        if (pairs.Rows == 0)
        {
            style.Note(losses, "no outer step yet");
        }
        else
        {
            Draw(style, losses, counters, pairs);
        }

        PlotStyle.Save([losses, counters], 1, path);
    }

    /// <summary>Whether the pairs of a table stand at the same inner step, in words for a title.</summary>
    public static string Standing(CsvTable pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return pairs.Rows > 0 && Enumerable.Range(0, pairs.Rows).GroupBy(row => pairs["outer_step"][row])
            .All(rows => rows.Select(row => pairs["inner_step_after"][row]).Distinct().Count() == 1)
            ? "in lockstep"
            : "out of lockstep";
    }

    private static void Draw(PlotStyle style, Plot losses, Plot counters, CsvTable table)
    {
        var first = FirstShown(table);
        var pairs = Enumerable.Range(0, table.Rows).Where(row => table["outer_step"][row] >= first)
            .GroupBy(row => (int)table["pair"][row], row => Row(table, row)).OrderBy(group => group.Key)
            .Select(rows => (Pair: rows.Key, Rows: rows.ToArray())).ToArray();
        var window = TrajectoryLines.Window(pairs.SelectMany(pair => pair.Rows));
        double[] seen = [.. pairs.SelectMany(pair => pair.Rows).Select(row => row.Loss)];
        var axis = ScaledAxis.For(seen);
        var counts = new List<double>();
        foreach (var (pair, rows) in pairs)
        {
            var counted = TrajectoryLines.OfCounters(rows, window);
            counts.AddRange(counted.Line.Select(point => point.Y));
            Add(losses, TrajectoryLines.OfLosses(rows), axis, style.Of(pair), $"pair {pair}");
            Add(counters, counted, ScaledAxis.Linear, style.Of(pair), $"pair {pair}");
        }

        PlotStyle.Fit(losses, axis, seen);
        PlotStyle.Fit(counters, ScaledAxis.Linear, counts);

        // A counter begins a window earlier than a loss: the panels line up nonetheless.
        var steps = counters.Axes.GetLimits();
        losses.Axes.SetLimitsX(steps.Left, steps.Right);
        losses.ShowLegend(Edge.Right);
        counters.ShowLegend(Edge.Right);
    }

    private static PairRow Row(CsvTable table, int row) => new(
        table["outer_step"][row], table["inner_step_before"][row], table["inner_step_after"][row], table["mean_loss"][row],
        table["resets"][row]);

    private static void Add(Plot plot, TrajectoryLines lines, ScaledAxis axis, Color color, string label)
    {
        Curves.Add(
            plot, [.. lines.Line.Select(point => point.X)], [.. lines.Line.Select(point => axis.Map(point.Y))], color, label, 1.5f);
        Coordinates[] dots =
        [
            .. lines.Dots.Select(point => new Coordinates(point.X, axis.Map(point.Y)))
                .Where(point => double.IsFinite(point.Y)),
        ];
        if (dots.Length > 0)
        {
            plot.Add.ScatterPoints(dots, color).MarkerSize = 6;
        }
    }

    private static double FirstShown(CsvTable table)
    {
        var steps = table["outer_step"];
        var wanted = WantedTeeth * table["pair"].Distinct().Count();
        var row = table.Rows - 1;
        for (var resets = 0.0; row > 0 && resets < wanted; row--)
        {
            resets += table["resets"][row];
        }

        return Math.Clamp(
            steps[Math.Max(row, 0)], steps[^1] - MostSteps, Math.Max(steps[^1] - FewestSteps, steps[^1] - MostSteps));
    }
}
