using Involute.Estimators.Pairs;

namespace Involute.Host.Reporting.Clock;

/// <summary>How far the losses of the pairs are apart in one outer step.</summary>
internal static class PairLosses
{
    /// <summary>The mean losses up to which a tenth and nine tenths of the pairs are; NaN without a finite one.</summary>
    public static (double Low, double High) Of(IReadOnlyList<PairReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        double[] losses = [.. reports.Select(report => report.MeanLoss).Where(double.IsFinite)];
        Array.Sort(losses);
        return (At(losses, 0.1), At(losses, 0.9));
    }

    // On the straight line between the two neighbours.
    private static double At(double[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
