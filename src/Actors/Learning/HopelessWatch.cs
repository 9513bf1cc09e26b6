using System.Globalization;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Actors.Learning;

/// <summary>
/// Counts outer steps in a row from which nothing is learned: every arm of every pair diverged, or the gradient was zero.
/// </summary>
/// <param name="plan">The plan: losses that come only at the end of a trajectory leave windows without a gradient.</param>
/// <param name="limit">So many are too many, asked each time; null for no limit.</param>
internal sealed class HopelessWatch(TrainingPlan<float> plan, Func<int?> limit)
{
    private readonly int _arms = plan.Estimator.Needs.Arms == ArmSet.CentreOnly ? 1 : 2;
    private long _diverged;
    private long _flat;

    /// <summary>Why the run ends with this step; null if it goes on.</summary>
    /// <param name="step">The theta version that the step has made.</param>
    /// <param name="meanLoss">Its mean loss.</param>
    /// <param name="gradientNorm">Its gradient's norm.</param>
    /// <param name="reports">What its pairs did.</param>
    public string? Fatal(long step, double meanLoss, double gradientNorm, IReadOnlyList<PairReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (limit() is not { } most)
        {
            return null;
        }

        _diverged = AllDiverged(reports) ? _diverged + 1 : 0;
        _flat = gradientNorm == 0 ? _flat + 1 : 0;
        var (count, what, help) = _diverged >= most
            ? (_diverged, "every arm of every pair diverged", "a lower learning rate of the optimizer, or a smaller sigma")
            : (_flat, "the gradient was zero", "another sigma, another loss, or longer windows");
        return _diverged >= most || _flat >= Math.Max(most, WindowsOfTrajectories())
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"hopeless: in each of the last {count} outer steps, up to {step}, {what} "
                    + $"(mean loss {meanLoss:G4}); what may help: {help}, or involute.max-hopeless-steps = off")
            : null;

        // Two mean trajectories: one that ends without a gradient may be chance.
        long WindowsOfTrajectories() => plan.Schedule.MeanHorizonAt(step) is var horizon
            && horizon / plan.Windows.Window < int.MaxValue / 2
            ? (long)(2 * horizon / plan.Windows.Window)
            : 0;
    }

    private bool AllDiverged(IReadOnlyList<PairReport> reports)
    {
        foreach (var report in reports)
        {
            if (report.DivergedArms < _arms)
            {
                return false;
            }
        }

        return reports.Count > 0;
    }
}
