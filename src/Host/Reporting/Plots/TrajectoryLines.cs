using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>One row of pairs.csv of one pair.</summary>
/// <param name="Step">Outer step.</param>
/// <param name="Before">Inner step before the window.</param>
/// <param name="After">Inner step after it.</param>
/// <param name="Loss">Mean loss of the window.</param>
/// <param name="Resets">Trajectories that ended in it.</param>
internal readonly record struct PairRow(double Step, double Before, double After, double Loss, double Resets);

/// <summary>
/// The rows of a pair as lines, one for each trajectory, with a gap (NaN) between two: a trajectory's last point belongs to
/// it.
/// </summary>
/// <param name="Line">The points, with gaps.</param>
/// <param name="Dots">What is drawn as a dot.</param>
internal sealed record TrajectoryLines(IReadOnlyList<Coordinates> Line, IReadOnlyList<Coordinates> Dots)
{
    /// <summary>
    /// Their step counters. Where one trajectory ends within a window, its line goes on to its horizon, at the part of the outer
    /// step in which it came there, and the next one begins with a dot, at 0 and at the same place.
    /// </summary>
    /// <param name="rows">The rows, ascending.</param>
    /// <param name="window">Inner steps of a window; null if that is not known.</param>
    public static TrajectoryLines OfCounters(IReadOnlyList<PairRow> rows, double? window)
    {
        var (line, beginnings) = (new List<Coordinates>(), new List<Coordinates>());
        foreach (var row in rows)
        {
            var point = new Coordinates(row.Step, row.After);
            if (line.Count == 0 && window is not null)
            {
                line.Add(new Coordinates(row.Step - 1, row.Before));
            }

            if (row.Resets > 0)
            {
                var beginning = point;
                if (row.Resets == 1 && window is { } steps && row.After <= steps)
                {
                    beginning = new Coordinates(row.Step - (row.After / steps), 0);
                    line.Add(new Coordinates(beginning.X, row.Before + steps - row.After));
                }

                line.Add(new Coordinates(beginning.X, double.NaN));
                line.Add(beginning);
                beginnings.Add(beginning);
            }

            if (line.Count == 0 || line[^1] != point)
            {
                line.Add(point);
            }
        }

        return new TrajectoryLines(line, beginnings);
    }

    /// <summary>
    /// Their losses. A window with whose last step a trajectory ended is of that one alone. The loss of a window in which one
    /// ended and another began is of both: a dot that belongs to neither line.
    /// </summary>
    /// <param name="rows">The rows, ascending.</param>
    public static TrajectoryLines OfLosses(IReadOnlyList<PairRow> rows)
    {
        var (line, ofBoth) = (new List<Coordinates>(), new List<Coordinates>());
        foreach (var row in rows)
        {
            var point = new Coordinates(row.Step, row.Loss);
            if (row.Resets > 1 || (row.Resets == 1 && row.After > 0))
            {
                line.Add(new Coordinates(row.Step, double.NaN));
                ofBoth.Add(point);
                continue;
            }

            line.Add(point);
            if (row.Resets == 1)
            {
                line.Add(new Coordinates(row.Step, double.NaN));
            }
        }

        return new TrajectoryLines(line, ofBoth);
    }

    /// <summary>Inner steps of a window, as windows without a reset tell; null if there is none.</summary>
    public static double? Window(IEnumerable<PairRow> rows)
    {
        double[] lengths = [.. rows.Where(row => row.Resets == 0).Select(row => row.After - row.Before).Distinct()];
        return lengths is [var only] ? only : null;
    }
}
