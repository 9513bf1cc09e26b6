using System.Globalization;
using Involute.Reproduction;
using Involute.Reproduction.Results;
using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>Prints a report for the user: one row per number, and whether it agrees with the published one.</summary>
internal static class ReportTable
{
    private static readonly string[] Columns =
        ["configuration", "quantity", "published or exact", "ours", "standard error", "tolerance", "verdict"];

    /// <summary>Writes it; without lines where output is redirected.</summary>
    public static void Write(Report report, IAnsiConsole console)
    {
        string[][] rows = [.. report.Rows().Select(row => Cells(row.Settings, row.Quantity))];
        var writer = console.Profile.Out.Writer;
        writer.WriteLine($"{report.Experiment.Name}: {report.Experiment.Summary}");
        if (console.Profile.Out.IsTerminal)
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumns(Columns);
            foreach (var row in rows)
            {
                table.AddRow([.. row.Select(cell => new Text(cell))]);
            }

            console.Write(table);
        }
        else
        {
            WritePlain(writer, [Columns, .. rows]);
        }

        writer.WriteLine(Conclusion(report));
    }

    // A pipe has no width to fit a table into: each column is as wide as its contents.
    private static void WritePlain(TextWriter writer, string[][] rows)
    {
        var widths = Columns.Select((_, c) => rows.Max(row => row[c].Length)).ToArray();
        foreach (var row in rows)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
        }
    }

    private static string[] Cells(string settings, Quantity quantity) =>
    [
        settings.Length == 0 ? "published defaults" : settings,
        quantity.Name,
        quantity.Expected?.Text ?? "",
        Expectation.Number(quantity.Value),
        quantity.StandardError switch
        {
            null => "",
            0 => "exact",
            var error => error.Value.ToString("G3", CultureInfo.InvariantCulture),
        },
        quantity.Expected?.Tolerance ?? "",
        quantity.IsInside switch
        {
            true => "inside",
            false => "OUTSIDE",
            null => "",
        },
    ];

    private static string Conclusion(Report report)
    {
        var judged = report.Rows().Where(row => row.Quantity.IsInside is not null).ToList();
        var outside = judged.Count(row => row.Quantity.IsInside == false);
        return judged.Count == 0
            ? "there are no published or exact values to compare with"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{judged.Count - outside} of {judged.Count} rows inside their tolerance");
    }
}
