using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>Writes what each arm of each pair of a block runs under into a slot's scratch.</summary>
internal sealed class PairThetas<T>(TrainingPlan<T> plan, int pairs, ArmSet arms)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>The thetas of all arms.</summary>
    public ArmThetas<T> View(ComputeSlot<T> slot) => new(Buffer(slot), arms.Count(), plan.ThetaLength);

    /// <summary>Perturbs theta for one pair, by its index in the block.</summary>
    public void Set(int pair, NoiseKey key, Theta<T> theta, ComputeSlot<T> slot)
    {
        var length = plan.ThetaLength;
        var lanes = Buffer(slot).Slice(pair * arms.Count() * length, arms.Count() * length);
        if (arms != ArmSet.Antithetic)
        {
            theta.Values.CopyTo(lanes[(arms.IndexOf(Arm.Centre) * length)..]);
        }

        if (arms == ArmSet.CentreOnly)
        {
            return;
        }

        var epsilon = slot.Epsilon(length);
        plan.Noise.Fill(key, epsilon);
        var positive = lanes.Slice(arms.IndexOf(Arm.Positive) * length, length);
        var negative = lanes.Slice(arms.IndexOf(Arm.Negative) * length, length);
        for (var i = 0; i < length; i++)
        {
            positive[i] = theta.Values[i] + epsilon[i];
            negative[i] = theta.Values[i] - epsilon[i];
        }
    }

    private Span<T> Buffer(ComputeSlot<T> slot) => slot.Thetas(pairs * arms.Count() * plan.ThetaLength);
}
