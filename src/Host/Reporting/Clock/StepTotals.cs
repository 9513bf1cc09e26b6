using Involute.Estimators;

namespace Involute.Host.Reporting.Clock;

/// <summary>Sums over outer steps; those of a stretch are the difference of two.</summary>
/// <param name="Steps">Outer steps.</param>
/// <param name="InnerSteps">Inner training steps, over all pairs and lanes.</param>
/// <param name="Loss">Their mean meta-losses, those that are finite.</param>
/// <param name="Losses">How many are.</param>
/// <param name="PairWindows">Windows of single pairs.</param>
/// <param name="Resets">Trajectories that ended.</param>
/// <param name="DivergedArms">Arms that were frozen.</param>
/// <param name="ComputeSeconds">Time that threads have computed windows.</param>
internal readonly record struct StepTotals(
    long Steps, long InnerSteps, double Loss, long Losses, long PairWindows, long Resets, long DivergedArms,
    double ComputeSeconds)
{
    /// <summary>Mean meta-loss of the steps; NaN without a finite one.</summary>
    public double MeanLoss => Losses > 0 ? Loss / Losses : double.NaN;

    /// <summary>Trajectories that ended, per window of a pair.</summary>
    public double ResetFraction => PairWindows > 0 ? (double)Resets / PairWindows : double.NaN;

    /// <summary>Share of all arms that were frozen.</summary>
    public double DivergedFraction => PairWindows > 0 ? DivergedArms / (2.0 * PairWindows) : double.NaN;

    /// <summary>With one step more.</summary>
    public StepTotals With(OuterStepResult<float> result, double computeSeconds)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (resets, diverged) = (0L, 0L);
        foreach (var report in result.Reports)
        {
            resets += report.Resets;
            diverged += report.DivergedArms;
        }

        var isFinite = double.IsFinite(result.MeanLoss);
        return new StepTotals(
            Steps + 1,
            InnerSteps + result.InnerSteps,
            Loss + (isFinite ? result.MeanLoss : 0),
            Losses + (isFinite ? 1 : 0),
            PairWindows + result.Reports.Count,
            Resets + resets,
            DivergedArms + diverged,
            ComputeSeconds + computeSeconds);
    }

    /// <summary>The sums of the steps between.</summary>
    public StepTotals Since(StepTotals before) => new(
        Steps - before.Steps,
        InnerSteps - before.InnerSteps,
        Loss - before.Loss,
        Losses - before.Losses,
        PairWindows - before.PairWindows,
        Resets - before.Resets,
        DivergedArms - before.DivergedArms,
        ComputeSeconds - before.ComputeSeconds);
}
