using System.Globalization;
using System.Numerics;
using System.Text;
using Involute.Estimators.Plans;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>What one lane of a pair holds.</summary>
/// <param name="Arm">Which lane.</param>
/// <param name="Diverged">Whether it is frozen until its trajectory ends.</param>
/// <param name="Tensors">Its state: inner parameters and optimizer state, or the state of a step function.</param>
public sealed record LaneView<T>(Arm Arm, bool Diverged, IReadOnlyList<NamedTensor<T>> Tensors);

/// <summary>A readable copy of everything that one pair carries from window to window.</summary>
/// <param name="Pair">Id of the pair.</param>
/// <param name="Truncation">Where it stands: window, trajectory, inner step, horizon.</param>
/// <param name="Sample">The problem that the current trajectory trains; empty where all trajectories have the
/// same.</param>
/// <param name="Lanes">
/// Its lanes in arm order; empty if the unroll is not inspectable. Until the trajectory's first step they hold what the
/// trajectory before has left.
/// </param>
/// <param name="Trail">The accumulated perturbation, of theta's length; null if the estimator keeps none.</param>
public sealed record PairView<T>(
    int Pair,
    TruncationCursor Truncation,
    IReadOnlyList<NamedTensor<T>> Sample,
    IReadOnlyList<LaneView<T>> Lanes,
    NamedTensor<T>? Trail)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Whether the pair's last trajectory is over and its next step begins a new one.</summary>
    public bool Done => Truncation.ResetPending || (Truncation.Window > 0 && !Truncation.UnderWay);

    /// <summary>Copies the state of one pair, between two windows.</summary>
    /// <param name="plan">The plan that the pairs were made with.</param>
    /// <param name="pairs">A pair actor's state.</param>
    /// <param name="index">Index of the pair in its block.</param>
    public static PairView<T> Of(TrainingPlan<T> plan, PairState<T> pairs, int index)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(pairs);
        var cursor = pairs.Cursors[index];
        var pair = pairs.Block.First + index;
        var unroll = pairs.Unroll as IInspectableUnroll<T>;
        var trail = pairs.Trail(index);
        return new PairView<T>(
            pair,
            cursor,
            unroll?.InspectSample(new TrajectoryKey(plan.Windows.Seed, pair, cursor.Trajectory)) ?? [],
            unroll is null ? [] : [.. Enum.GetValues<Arm>().Where(arm => Has(pairs.Unroll.Arms, arm)).Select(
                arm => new LaneView<T>(arm, unroll.IsFrozen(index, arm), unroll.Inspect(index, arm)))],
            trail.IsEmpty ? null : new NamedTensor<T>("noise trail", [trail.Length], trail.ToArray()));
    }

    /// <summary>
    /// Where the pair stands, then a line for each tensor that it carries, with its shape and first values. Between two
    /// trajectories it carries no lanes.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"pair {Pair}: trajectory {Truncation.Trajectory}, inner step {Truncation.InnerStep} of "
                + $"{Truncation.Horizon}");
        if (Truncation.UnderWay)
        {
            AppendTensors(text, "task", Sample);
            foreach (var lane in Lanes)
            {
                AppendTensors(text, lane.Diverged ? $"{lane.Arm} (diverged)" : $"{lane.Arm}", lane.Tensors);
            }
        }

        return (Trail is null ? text : text.AppendLine().Append("  ").Append(Trail)).ToString();
    }

    private static void AppendTensors(StringBuilder text, string owner, IReadOnlyList<NamedTensor<T>> tensors)
    {
        foreach (var tensor in tensors)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {owner} {tensor}");
        }
    }

    private static bool Has(ArmSet arms, Arm arm) => arms switch
    {
        ArmSet.CentreOnly => arm == Arm.Centre,
        ArmSet.Antithetic => arm != Arm.Centre,
        _ => true,
    };
}
