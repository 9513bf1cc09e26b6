using System.Numerics;
using System.Runtime.InteropServices;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Tasks.Schedules;

namespace Involute.Estimators.Pairs;

/// <summary>
/// Tells whether bytes can be the state of a block of pairs, for one who gets them from elsewhere and does not compute
/// with them: length, header, where each pair stands, and the accumulated perturbations. What is in the lanes is the
/// problem's own.
/// </summary>
/// <param name="plan">Everything that decides theta.</param>
public sealed class PairStateCheck<T>(TrainingPlan<T> plan)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly Lazy<PairStateLayout> _layout = new(() =>
    {
        using var lanes = new PairLanes<T>(plan, pairs: 1);
        var needs = plan.Estimator.Needs;
        return new PairStateLayout(
            (needs.Trail ? plan.ThetaLength : 0) + needs.Scalars, Marshal.SizeOf<T>(), lanes.Unroll.StateBytesPerPair);
    });

    /// <summary>Bytes of the state of a block.</summary>
    public long StateBytes(PairBlock block) => _layout.Value.StateBytes(block.Count);

    /// <summary>What is wrong with a state, in one line; null if nothing is.</summary>
    /// <param name="block">The pairs.</param>
    /// <param name="state">As <see cref="PairState{T}.Save"/> writes it.</param>
    /// <param name="windows">Windows that the pairs have had, at least 1.</param>
    public string? Problem(PairBlock block, ReadOnlySpan<byte> state, ThetaVersion windows)
    {
        var layout = _layout.Value;
        if (layout.HeaderProblem(state, block) is { } problem)
        {
            return problem;
        }

        for (var pair = 0; pair < block.Count; pair++)
        {
            if (PairStateFormat.Cursor(layout.Pair(state, pair)) is not { } cursor)
            {
                return $"pair {block.First + pair}: a flag that is neither 0 nor 1";
            }

            if (cursor.Window != windows.Value)
            {
                return $"pair {block.First + pair}: a state after {cursor.Window} windows, expected {windows.Value}";
            }

            if (!CanStandAt(cursor))
            {
                return $"pair {block.First + pair}: no pair of this run can stand at {cursor}";
            }

            if (!AllFinite(PairStateFormat.Trail<T>(layout.Pair(state, pair), layout.TrailLength)))
            {
                return $"pair {block.First + pair}: an accumulated perturbation that is not finite";
            }
        }

        return null;
    }

    private static bool AllFinite(ReadOnlySpan<T> values)
    {
        foreach (var value in values)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private bool CanStandAt(TruncationCursor cursor)
    {
        var settings = plan.Windows;
        var carries = plan.Estimator.Needs.Carry != Carry.Nothing;
        var mayStart = cursor.Trajectory > 0 || !carries ? 0
            : settings.InitialOffset == StationaryStart.Offset ? cursor.Horizon : settings.InitialOffset;
        return cursor.Start >= 0
            && (cursor.Start == 0 || cursor.Start < mayStart)
            && cursor.Horizon >= 1
            && cursor.Age >= 0
            && cursor.StepsLeft >= 0
            && (!cursor.ResetPending || plan.Reset == ResetContract.Upstream)
            && (cursor.ResetPending || cursor.StepsLeft > 0);
    }
}
