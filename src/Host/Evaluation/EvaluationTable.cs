using System.Globalization;
using Involute.Host.Output;
using Spectre.Console;

namespace Involute.Host.Evaluation;

/// <summary>
/// Prints an evaluation for the user: a table, the grid on one line, and sentences that say which optimizer is better.
/// </summary>
internal static class EvaluationTable
{
    /// <summary>Writes it; without lines and colours where output is redirected.</summary>
    public static void Write(EvaluationReport report, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(console);
        var accuracy = report.Scores().Any(score => score.Accuracy is not null);
        string[] columns =
        [
            "optimizer", "mean training loss", "held-out loss", .. accuracy ? ["test accuracy"] : (string[])[],
            "steps to Adam's loss",
        ];
        string[][] rows = [.. report.Scores().Select(score => Cells(score, report, accuracy).ToArray())];
        var trials = $"{report.Trials} trials of {report.Steps} inner steps, mean ± standard error";
        Line(
            console,
            $"Held-out evaluation of {report.Task}{On(report)}: {trials}; theta of outer step {report.OuterStep}");
        TextTable.Write(console, columns, rows);
        foreach (var (title, _, grid) in report.Tuned())
        {
            Line(console, $"{title} grid, outer_valid loss: {string.Join(", ", grid.Select(point => Grid(point, grid)))}");
        }

        foreach (var comparison in report.Comparisons)
        {
            Line(console, $"{comparison}");
        }
    }

    private static IEnumerable<string> Cells(OptimizerScore score, EvaluationReport report, bool accuracy)
    {
        var diverged = score.DivergedTrials > 0
            ? Invariant($"diverged ({score.DivergedTrials} of {report.Trials})")
            : "diverged";
        yield return score.Name;
        yield return score.MeanTrainingLoss is { } training ? LossText.Of(training) : diverged;
        yield return score.HeldOutLoss is { } heldOut ? LossText.Of(heldOut) : diverged;
        if (accuracy)
        {
            yield return score.HeldOutLoss is not null && score.Accuracy is { } share ? Percent(share) : diverged;
        }

        yield return score.StepsToAdamLoss is { } steps ? Invariant($"{steps}") : "not reached";
    }

    private static string On(EvaluationReport report) =>
        report.Circumstances?.On is { } on ? $" ({on})" : "";

    private static string Percent(Statistic value) => value.StandardError is { } error
        ? Invariant($"{value.Mean * 100:F2} % ± {error * 100:F2}")
        : Invariant($"{value.Mean * 100:F2} %");

    private static string Grid(GridPoint point, IReadOnlyList<GridPoint> grid)
    {
        var loss = point.ValidationLoss is { } value ? LossText.Number(value.Mean) : "diverged";
        return Invariant($"{point.LearningRate:0.######}: {loss}")
            + (!point.Chosen ? "" : point == grid[0] || point == grid[^1] ? " (chosen, at the edge)" : " (chosen)");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Not WriteLine of the console: it would break long lines at the width that it assumes for a pipe.
    private static void Line(IAnsiConsole console, FormattableString text)
    {
        if (console.Profile.Out.IsTerminal)
        {
            console.Write(new Text(Invariant(text) + "\n"));
        }
        else
        {
            console.Profile.Out.Writer.WriteLine(Invariant(text));
        }
    }
}
