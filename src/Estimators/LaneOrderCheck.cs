using System.Numerics;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators;

/// <summary>
/// Whether it matters in which place of an unroll a pair stands: the same pairs step side by side in two orders, each under thetas of
/// its own, through the end of a trajectory.
/// </summary>
internal static class LaneOrderCheck
{
    private const int Pairs = 3;
    private const int Steps = 4;

    // Lanes may differ by any numbers: what counts is that one that stands in another's place shows.
    private const double Spread = 0.01;

    /// <summary>The first difference, in words; null if there is none.</summary>
    public static string? Problem<T>(TrainingPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] order = [0, 1, 2];
        int[] other = [2, 0, 1];
        var (first, second) = (Run(plan, order), Run(plan, other));
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (one, another) = (first[Array.IndexOf(order, pair)], second[Array.IndexOf(other, pair)]);
            if (!one.Losses.AsSpan().SequenceEqual(another.Losses))
            {
                return "the losses differ";
            }

            if (!one.State.AsSpan().SequenceEqual(another.State))
            {
                return "the saved states differ";
            }
        }

        return null;
    }

    // Losses and state of each place.
    private static (long[] Losses, byte[] State)[] Run<T>(TrainingPlan<T> plan, int[] pairs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (problem, arms) = (plan.Problem, plan.Estimator.Needs.Arms.Count());
        var lanes = new T[Pairs * arms * problem.Layout.Length];
        for (var place = 0; place < Pairs; place++)
        {
            for (var arm = 0; arm < arms; arm++)
            {
                var lane = lanes.AsSpan(((place * arms) + arm) * problem.Layout.Length, problem.Layout.Length);
                problem.InitialTheta(plan.Windows.Seed, lane);
                var away = T.CreateChecked(Spread * ((pairs[place] * arms) + arm));
                foreach (ref var value in lane)
                {
                    value += away;
                }
            }
        }

        var thetas = new ArmThetas<T>(lanes, arms, problem.Layout.Length);
        using var unroll = problem.CreateUnroll(Pairs, plan.Estimator.Needs.Arms);
        var losses = new StepLoss[2 * Steps * Pairs * arms];
        for (var trajectory = 0u; trajectory < 2; trajectory++)
        {
            var segments = new Segment[Pairs];
            for (var place = 0; place < Pairs; place++)
            {
                var key = new TrajectoryKey(plan.Windows.Seed, pairs[place], trajectory);
                unroll.Reset(place, new Trajectory(key, Steps), thetas);
                segments[place] = new Segment(
                    place, key, 0, Steps, plan.Windows.LossTime, (int)((place * 2) + trajectory) * Steps * arms);
            }

            unroll.Advance(segments, thetas, losses);
        }

        return [.. Enumerable.Range(0, Pairs).Select(place => (Bits(losses.AsSpan(place * 2 * Steps * arms, 2 * Steps * arms)), Saved(unroll, place)))];
    }

    // What a lane that has diverged reports besides means nothing.
    private static long[] Bits(ReadOnlySpan<StepLoss> losses)
    {
        var bits = new long[losses.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = losses[i].Diverged ? long.MinValue : BitConverter.DoubleToInt64Bits(losses[i].Loss);
        }

        return bits;
    }

    private static byte[] Saved<T>(IUnroll<T> unroll, int pair)
    {
        var state = new byte[unroll.StateBytesPerPair];
        unroll.Save(pair, state);
        return state;
    }
}
