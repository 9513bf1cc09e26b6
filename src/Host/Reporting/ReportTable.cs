using System.Globalization;
using Involute.Host.Output;
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
        TextTable.Write(console, Columns, rows);
        writer.WriteLine(Conclusion(report));
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
