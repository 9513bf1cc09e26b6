using System.Globalization;
using Involute.Host.Reporting.Live;

namespace Involute.Host.Reporting;

/// <summary>How far and how fast a run is.</summary>
/// <param name="OuterSteps">Outer steps of the whole run; null if this machine does not know.</param>
/// <param name="OuterStepsPerSecond">Of a running run now, by its ledger; null if it is unknown.</param>
/// <param name="OverallPerSecond">Over the time that learners were at work.</param>
/// <param name="ElapsedSeconds">That time.</param>
/// <param name="SecondsLeft">What the remaining steps will take; null of a run that does not run.</param>
/// <param name="Live">What the learner that is at work tells of itself; null if none is, or of an earlier version.</param>
internal sealed record RunProgress(
    long? OuterSteps, double? OuterStepsPerSecond, double? OverallPerSecond, double ElapsedSeconds, double? SecondsLeft,
    LiveStatus? Live)
{
    private const int MostWarnings = 5;

    /// <summary>For people.</summary>
    public IEnumerable<(string Name, string Value)> Details()
    {
        yield return ("rate", (OuterStepsPerSecond is null ? "" : $"{Rate(OuterStepsPerSecond)} outer steps/s now, ")
            + $"{Rate(OverallPerSecond)} outer steps/s overall"
            + (Live?.InnerStepsPerSecond is { } inner ? $"; {TrainingProgress.Compact(inner)} inner steps/s" : ""));
        yield return ("time", DurationText.Of(ElapsedSeconds)
            + (SecondsLeft is { } left ? $", about {DurationText.Of(left)} left" : ""));
        if (Live is null)
        {
            yield break;
        }

        yield return ("as of", Live.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            + (Live.CheckpointTime is { } saved
                ? $" (checkpoint {DurationText.Of(Math.Max(0, (Live.Time - saved).TotalSeconds))} before)"
                : ""));
        foreach (var node in Live.Nodes)
        {
            yield return ("node", string.Create(
                CultureInfo.InvariantCulture,
                $"{node.Node}: {node.Threads} {(node.Threads == 1 ? "thread" : "threads")}, ")
                + $"{Many(node.PairWindowsPerSecond ?? 0)} windows/s, "
                + string.Create(
                    CultureInfo.InvariantCulture, $"{node.Slowness ?? 0:F2} of the mean time, {100 * (node.Busy ?? 0):F0} % busy"));
        }

        if (Live.SlowestPairs.Count > 0)
        {
            yield return ("slowest pairs", string.Join(", ", Live.SlowestPairs.Select(it =>
                $"{it.First}{(it.Count > 1 ? $"-{it.First + it.Count - 1}" : "")} ({DurationText.Of(it.Seconds)})")));
        }

        yield return ("restarts", Live.Restarts.ToString(CultureInfo.InvariantCulture));
        foreach (var warning in Live.Warnings.TakeLast(MostWarnings))
        {
            yield return ("warning", $"{warning.Time.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {warning.Message}");
        }
    }

    private static string Many(double number) => number < 1000 ? Rate(number) : TrainingProgress.Compact(number);

    private static string Rate(double? rate) => rate?.ToString("G3", CultureInfo.InvariantCulture) ?? "-";
}
