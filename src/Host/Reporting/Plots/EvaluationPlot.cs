using System.Globalization;
using Involute.Host.Evaluation;
using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Training and held-out loss along fresh trajectories: meta-trained, untrained, tuned Adam.</summary>
internal static class EvaluationPlot
{
    public static void Write(EvaluationReport report, string path)
    {
        var training = PlotStyle.Panel(
            string.Create(
                CultureInfo.InvariantCulture, $"Training {report.Task}: mean of {report.Trials} fresh trajectories"),
            "inner step", "training loss (normalised)");
        var heldOut = PlotStyle.Panel("Held-out data", "inner step", "test loss");
        Draw(training, report, curves => (curves.TrainingSteps, curves.TrainingLoss));
        Draw(heldOut, report, curves => (curves.HeldOutSteps, curves.HeldOutLoss));
        PlotStyle.Save([training, heldOut], 1, path);
    }

    private static void Draw(
        Plot plot,
        EvaluationReport report,
        Func<LearningCurves, (IReadOnlyList<int> Steps, IReadOnlyList<double?> Losses)> choose)
    {
        // The baselines first, so that the meta-trained curve lies on top.
        (OptimizerScore Score, Color Color)[] series =
        [
            (report.Untrained, PlotStyle.Faint), (report.TunedAdam, PlotStyle.Rival),
            (report.MetaTrained, PlotStyle.Main),
        ];
        double[] all =
            [.. series.SelectMany(one => choose(one.Score.Curves).Losses).Select(loss => loss ?? double.NaN)];
        var axis = ScaledAxis.For(all);
        foreach (var (score, color) in series)
        {
            var (steps, losses) = choose(score.Curves);
            var label = score.DivergedTrials > 0 ? $"{score.Name}: diverged" : score.Name;
            Curves.Add(
                plot, [.. steps.Select(step => (double)step)], [.. losses.Select(loss => axis.Map(loss ?? double.NaN))],
                color, label, 2.5f);
        }

        PlotStyle.Fit(plot, axis, all);
        if (Array.Exists(all, double.IsFinite))
        {
            plot.ShowLegend(Alignment.UpperRight);
        }
        else
        {
            PlotStyle.Note(plot, "all diverged");
        }
    }
}
