using System.Globalization;
using Involute.Host.Output;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;

namespace Involute.Host.Listing;

/// <summary>A list of runs for people.</summary>
internal static class RunListText
{
    private const int LongestName = 20;

    private static readonly string[] Standing = ["run", "status", "step", "rate", "age", "meta-loss", "best"];
    private static readonly int[] Numbers = [2, 3, 4, 5, 6];

    /// <summary>
    /// The lines: one for each run where they fit, else what stands about a run's settings on a line of its own.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="width">Characters in a line; null for as many as there are, for a pipe.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ListedRun> runs, int? width)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var wide = TextTable.Lines(
            [
                [.. Standing, "task", "optimizer", "estimator", "where"],
                .. runs.Select(run => (string[])
                    [run.Run, .. Stands(run), run.Task ?? "?", run.Optimizer ?? "?", run.Estimator ?? "?", Where(run)]),
            ],
            Numbers);
        return width is { } most && wide.Any(line => line.Length > most) ? Narrow(runs, most) : wide;
    }

    private static List<string> Narrow(IReadOnlyList<ListedRun> runs, int width)
    {
        // A long name has a line of its own, so that the others' columns stay together.
        var rows = TextTable.Lines(
            [Standing, .. runs.Select(run => (string[])[IsLong(run) ? "" : run.Run, .. Stands(run)])], Numbers);
        var lines = new List<string> { rows[0] };
        for (var i = 0; i < runs.Count; i++)
        {
            if (IsLong(runs[i]))
            {
                lines.Add(runs[i].Run);
            }

            lines.Add(rows[i + 1]);
            lines.AddRange(Paragraph.Lines(Settings(runs[i]), width - 2).Select(line => $"  {line}"));
        }

        return lines;
    }

    private static bool IsLong(ListedRun run) => run.Run.Length > LongestName;

    private static string Settings(ListedRun run) => run.Problem
        ?? (run.Task is null ? $"{run.Where}, no folder here{Origin(run)}"
            : $"{run.Task}, {run.Optimizer}, {run.Estimator}; {run.Where}{Origin(run)}");

    private static string Where(ListedRun run) =>
        run.Problem is { } problem ? $"{run.Where}: {problem}" : $"{run.Where}{Origin(run)}";

    private static string Origin(ListedRun run) => run.ForkedFrom is { } origin ? $"; forked from {origin}" : "";

    private static string[] Stands(ListedRun run) =>
    [
        run.Status,
        Invariant($"{run.OuterStep}/{run.OuterSteps?.ToString(CultureInfo.InvariantCulture) ?? "?"}"),
        run.OuterStepsPerSecond is { } rate ? Invariant($"{Rate(rate)}/s") : "-",
        run.AgeSeconds is { } age ? DurationText.Of(age) : "-",
        run.MeanMetaLoss is { } loss ? Invariant($"{loss:G4}") : "-",
        run.BestMetaLoss is { } best ? Invariant($"{best:G4}") : "-",
    ];

    private static string Rate(double rate) =>
        rate.ToString(rate >= 100 ? "F0" : "G3", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
