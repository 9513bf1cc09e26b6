using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Reporting;

/// <summary>
/// Inner training steps of the first outer steps of a run: a function of its plan, so that no file has to be asked when a
/// run goes on.
/// </summary>
internal static class InnerStepTotal
{
    /// <summary>
    /// Whether the plan alone tells: not where a diverged pair begins another trajectory and steps are spent on resets.
    /// </summary>
    public static bool IsCertain(TrainingPlan<float> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Reset != ResetContract.Upstream || plan.Windows.Divergence != DivergencePolicy.Skip;
    }

    /// <summary>The total over all pairs and lanes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outerSteps">Outer steps that are done.</param>
    public static long Of(TrainingPlan<float> plan, long outerSteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var lanes = plan.Estimator.Needs.Arms.Count();
        if (plan.Estimator.Needs.Carry != Carry.Nothing && plan.Reset == ResetContract.Exact)
        {
            return outerSteps * plan.Pairs * plan.Windows.Window * lanes;
        }

        var total = 0L;
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            total += OfPair(plan, pair, outerSteps);
        }

        return total * lanes;
    }

    // The pair's way through its trajectories, as PairState goes it, without computing anything.
    private static long OfPair(TrainingPlan<float> plan, int pair, long outerSteps)
    {
        var (seed, schedule) = (plan.Windows.Seed, plan.Schedule);
        var whole = plan.Estimator.Needs.Carry == Carry.Nothing;
        var cursor = TruncationCursor.Initial(seed, pair, whole ? 0 : plan.Windows.InitialOffset, schedule);
        var total = 0L;
        for (var version = 0L; version < outerSteps; version++)
        {
            cursor = cursor.AtOuterStep(seed, pair, schedule, version);
            var remaining = whole ? cursor.StepsLeft : plan.Windows.Window;
            while (remaining > 0)
            {
                if (cursor.ResetPending)
                {
                    cursor = cursor.NextTrajectory(seed, pair, schedule, version) with { UnderWay = true };
                    remaining--;
                    continue;
                }

                var steps = Math.Min(remaining, cursor.StepsLeft);
                total += steps;
                remaining -= steps;
                cursor = cursor.Advance(steps);
                if (cursor.AtHorizon)
                {
                    cursor = plan.Reset == ResetContract.Upstream
                        ? cursor with { ResetPending = true }
                        : cursor.NextTrajectory(seed, pair, schedule, version);
                }
            }
        }

        return total;
    }
}
