using System.Globalization;
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
            $"Held-out evaluation of {report.Task}: {trials}; theta of outer step {report.OuterStep}");
        if (console.Profile.Out.IsTerminal)
        {
            WriteTable(console, columns, rows);
        }
        else
        {
            WritePlain(console, [columns, .. rows]);
        }

        Line(console, $"Adam grid, outer_valid loss: {string.Join(", ", report.AdamGrid.Select(Grid))}");
        foreach (var comparison in report.Comparisons)
        {
            Line(console, $"{comparison}");
        }
    }

    private static void WriteTable(IAnsiConsole console, string[] columns, string[][] rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }

    // A pipe has no width to fit a table into: each column is as wide as its contents.
    private static void WritePlain(IAnsiConsole console, string[][] rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(row => row[c].Length)).ToArray();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd();
            console.Profile.Out.Writer.WriteLine(line);
        }
    }

    private static IEnumerable<string> Cells(OptimizerScore score, EvaluationReport report, bool accuracy)
    {
        var diverged = score.DivergedTrials > 0
            ? Invariant($"diverged ({score.DivergedTrials} of {report.Trials})")
            : "diverged";
        yield return score.Name;
        yield return score.MeanTrainingLoss is { } training ? Loss(training) : diverged;
        yield return score.HeldOutLoss is { } heldOut ? Loss(heldOut) : diverged;
        if (accuracy)
        {
            yield return score.HeldOutLoss is not null && score.Accuracy is { } share ? Percent(share) : diverged;
        }

        yield return score.StepsToAdamLoss is { } steps ? Invariant($"{steps}") : "not reached";
    }

    private static string Loss(Statistic value) => value.StandardError is { } error
        ? Invariant($"{Number(value.Mean)} ± {Number(error)}")
        : Number(value.Mean);

    // Losses of image tasks are near 1, those of quadratics may be anything.
    private static string Number(double value) =>
        value == 0 || Math.Abs(value) is >= 1e-3 and < 1e4 ? Invariant($"{value:F4}") : Invariant($"{value:0.00e+0}");

    private static string Percent(Statistic value) => value.StandardError is { } error
        ? Invariant($"{value.Mean * 100:F2} % ± {error * 100:F2}")
        : Invariant($"{value.Mean * 100:F2} %");

    private static string Grid(GridPoint point)
    {
        var loss = point.ValidationLoss is { } value ? Number(value.Mean) : "diverged";
        return Invariant($"{point.LearningRate:0.######}: {loss}") + (point.Chosen ? " (chosen)" : "");
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
