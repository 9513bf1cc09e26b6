using ScottPlot;

namespace Involute.Samples.TruncationTour;

/// <summary>Losses of several problems, each in a faint line, and their mean.</summary>
internal static class Curves
{
    public static void Draw(Plot plot, InnerStepRecord[][] records)
    {
        var steps = Enumerable.Range(0, records.Length).ToArray();
        for (var problem = 0; problem < records[0].Length; problem++)
        {
            var losses = records.Select(step => step[problem].Loss).ToArray();
            plot.Add.ScatterLine(steps, losses).LineWidth = 1;
        }

        var mean = plot.Add.ScatterLine(steps, records.Select(step => step.Average(record => record.Loss)).ToArray(), Colors.Black);
        mean.LineWidth = 3;
        mean.LegendText = "mean";
        plot.ShowLegend(Alignment.UpperRight);
        plot.XLabel("step");
        plot.YLabel("loss");
    }

    public static void Print(TextWriter output, InnerStepRecord[][] records)
    {
        var table = new Table("step", "inner steps after", "mean loss");
        foreach (var step in new[] { 0, 1, 24, 48, 49, 50, 51, 100, 199 })
        {
            table.Add(
                step,
                string.Join(' ', records[step].Select(record => $"{record.InnerStep,2}")),
                $"{records[step].Average(record => record.Loss):0.0000}");
        }

        table.Write(output);
    }

    /// <summary>How much the mean loss swings once the first 50 steps are over.</summary>
    public static string Range(InnerStepRecord[][] records)
    {
        var means = records.Skip(50).Select(step => step.Average(record => record.Loss)).ToArray();
        return $"{means.Min():0.00} to {means.Max():0.00}";
    }
}
