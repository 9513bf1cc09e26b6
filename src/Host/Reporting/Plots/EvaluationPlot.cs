using System.Globalization;
using Involute.Host.Evaluation;
using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>Training and held-out loss along fresh trajectories: meta-trained, untrained, tuned baselines.</summary>
internal static class EvaluationPlot
{
    public static void Write(PlotStyle style, EvaluationReport report, string path)
    {
        var training = style.Panel(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Training {report.Task}: mean ± standard error of {report.Trials} fresh trajectories"),
            "inner step", "training loss (normalised)");
        var heldOut = style.Panel("Held-out data", "inner step", "test loss");
        Draw(style, training, report, curves => (curves.TrainingSteps, curves.TrainingLoss, curves.TrainingError));
        Draw(style, heldOut, report, curves => (curves.HeldOutSteps, curves.HeldOutLoss, curves.HeldOutError));
        PlotStyle.Save([training, heldOut], 1, path);
    }

    private static void Draw(
        PlotStyle style,
        Plot plot,
        EvaluationReport report,
        Func<LearningCurves, (IReadOnlyList<int> Steps, IReadOnlyList<double?> Losses, IReadOnlyList<double?> Errors)> choose)
    {
        // The baselines first, so that the meta-trained curve lies on top.
        (OptimizerScore Score, Color Color)[] series =
        [
            (report.Untrained, style.Faint), .. report.Tuned().Select((baseline, i) => (baseline.Score, style.Of(i + 1))),
            (report.MetaTrained, style.Main),
        ];
        double[] all =
            [.. series.SelectMany(one => choose(one.Score.Curves).Losses).Select(loss => loss ?? double.NaN)];
        var axis = ScaledAxis.For(all);
        foreach (var (score, color) in series)
        {
            var (steps, losses, errors) = choose(score.Curves);
            Curves.AddBand(
                plot, [.. steps.Select(step => (double)step)],
                [
                    .. losses.Zip(errors, (loss, error) => (
                        axis.Map((loss - error) ?? double.NaN), axis.Map((loss + error) ?? double.NaN))),
                ],
                color);
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
            style.Note(plot, "all diverged");
        }
    }
}
