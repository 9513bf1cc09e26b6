using System.Numerics;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>
/// Inner training steps of the first outer steps of a run, as its plan tells them: over all pairs and lanes.
/// </summary>
public static class InnerStepTotal
{
    /// <summary>Whether every window of every pair trains as many steps as it has.</summary>
    public static bool IsProduct<T>(TrainingPlan<T> plan)
        where T : struct, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Estimator.Needs.Carry != Carry.Nothing && plan.Reset == ResetContract.Exact;
    }

    /// <summary>
    /// The total. Where it is no product, the way of each pair through its trajectories is walked, without computing
    /// anything; a diverged trajectory that is abandoned in a run with resets of the upstream contract is not foreseen.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outerSteps">Outer steps that are done.</param>
    public static long Of<T>(TrainingPlan<T> plan, long outerSteps)
        where T : struct, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        var lanes = plan.Estimator.Needs.Arms.Count();
        if (IsProduct(plan))
        {
            return outerSteps * plan.Pairs * plan.Windows.Window * lanes;
        }

        var total = 0L;
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            Walk(plan, pair, outerSteps, (_, steps) => total += steps);
        }

        return total * lanes;
    }

    /// <summary>The totals after each outer step: as many numbers as outer steps, and 0 for the start before them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outerSteps">Outer steps that are done.</param>
    public static IReadOnlyList<long> Each<T>(TrainingPlan<T> plan, int outerSteps)
        where T : struct, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        var lanes = plan.Estimator.Needs.Arms.Count();
        var totals = new long[outerSteps + 1];
        for (var pair = 0; pair < plan.Pairs; pair++)
        {
            Walk(plan, pair, outerSteps, (version, steps) => totals[version + 1] += lanes * steps);
        }

        for (var step = 1; step <= outerSteps; step++)
        {
            totals[step] += totals[step - 1];
        }

        return totals;
    }

    // As PairState goes it: the steps of each segment, with the version of theta that it is computed under.
    private static void Walk<T>(TrainingPlan<T> plan, int pair, long outerSteps, Action<long, long> segment)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (seed, schedule) = (plan.Windows.Seed, plan.Schedule);
        var whole = plan.Estimator.Needs.Carry == Carry.Nothing;
        var offset = whole ? 0 : plan.Windows.InitialOffset;
        var cursor = TruncationCursor.Initial(seed, pair, offset, schedule, plan.Reset);
        for (var version = 0L; version < outerSteps; version++)
        {
            cursor = cursor.AtOuterStep(seed, pair, offset, schedule, plan.Reset, version);
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
                segment(version, steps);
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
    }
}
