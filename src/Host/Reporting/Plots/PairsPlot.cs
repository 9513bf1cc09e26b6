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

    public static void Write(CsvTable pairs, string title, string path)
    {
        var losses = PlotStyle.Panel($"Inner loss of single pairs — {title}", "outer step", "mean loss of the window");
        var counters = PlotStyle.Panel(
            "Their inner steps: out of lockstep (dots: a trajectory ended, a new one began)", "outer step",
            "inner step after the window");
        if (pairs.Rows == 0)
        {
            PlotStyle.Note(losses, "no outer step yet");
        }
        else
        {
            Draw(losses, counters, pairs);
        }

        PlotStyle.Save([losses, counters], 1, path);
    }

    private static void Draw(Plot losses, Plot counters, CsvTable table)
    {
        var first = FirstShown(table);
        var shown = Enumerable.Range(0, table.Rows).Where(row => table["outer_step"][row] >= first).ToArray();
        var axis = ScaledAxis.For(shown.Select(row => table["mean_loss"][row]));
        foreach (var rows in shown.GroupBy(row => (int)table["pair"][row]).OrderBy(group => group.Key))
        {
            var color = PlotStyle.Of(rows.Key);
            double[] steps = [.. rows.Select(row => table["outer_step"][row])];
            double[] places = [.. rows.Select(row => axis.Map(table["mean_loss"][row]))];
            double[] counts = [.. rows.Select(row => table["inner_step_after"][row])];
            bool[] resets = [.. rows.Select(row => table["resets"][row] > 0)];
            Trajectories(losses, steps, places, resets, color, $"pair {rows.Key}");
            Trajectories(counters, steps, counts, resets, color, $"pair {rows.Key}");
        }

        PlotStyle.Fit(losses, axis, shown.Select(row => table["mean_loss"][row]));
        PlotStyle.Fit(counters, ScaledAxis.Linear, shown.Select(row => table["inner_step_after"][row]));
        losses.ShowLegend(Edge.Right);
        counters.ShowLegend(Edge.Right);
    }

    // A line for each trajectory: where one ends, the next begins with a dot, and nothing joins the two.
    private static void Trajectories(Plot plot, double[] x, double[] y, bool[] resets, Color color, string label)
    {
        double[] broken = [.. x.SelectMany((step, i) => resets[i] ? [step, step] : (double[])[step])];
        double[] gaps = [.. y.SelectMany((place, i) => resets[i] ? [double.NaN, place] : (double[])[place])];
        Curves.Add(plot, broken, gaps, color, label, 1.5f);
        Coordinates[] points =
            [.. x.Zip(y, (a, b) => new Coordinates(a, b)).Where((p, i) => resets[i] && double.IsFinite(p.Y))];
        if (points.Length > 0)
        {
            plot.Add.ScatterPoints(points, color).MarkerSize = 6;
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
