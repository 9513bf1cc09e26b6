using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>Losses of one segment, normalised and summed in double in the order of the steps.</summary>
/// <param name="Delta">Σ weight · (positive − negative).</param>
/// <param name="LastDelta">weight · (positive − negative) of the last step.</param>
/// <param name="MinDelta">weight · (lowest positive − lowest negative).</param>
/// <param name="Sum">Σ of the mean of both arms, unweighted.</param>
/// <param name="DivergedArms">Arms that were frozen at the segment's end.</param>
internal readonly record struct SegmentLoss(
    double Delta, double LastDelta, double MinDelta, double Sum, int DivergedArms)
{
    /// <summary>Of a segment's losses, step by step; a pair with one lane counts as two equal arms.</summary>
    public static SegmentLoss Of<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight)
    {
        var count = arms.Count();
        var (positive, negative) = Lanes(arms);
        var delta = 0.0;
        var last = 0.0;
        var sum = 0.0;
        var lowestPositive = double.PositiveInfinity;
        var lowestNegative = double.PositiveInfinity;
        for (var at = 0; at < losses.Length; at += count)
        {
            var plus = Value(problem, losses[at + positive]);
            var minus = Value(problem, losses[at + negative]);
            sum += (plus + minus) / 2;
            last = weight * (plus - minus);
            delta += last;
            lowestPositive = Math.Min(lowestPositive, plus);
            lowestNegative = Math.Min(lowestNegative, minus);
        }

        var final = losses[^count..];
        var diverged = (final[positive].Diverged ? 1 : 0) + (final[negative].Diverged && negative != positive ? 1 : 0);
        return new SegmentLoss(delta, last, weight * (lowestPositive - lowestNegative), sum, diverged);
    }

    /// <summary>weight · (positive − negative) of losses that were measured once.</summary>
    public static double Difference<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight)
    {
        var (positive, negative) = Lanes(arms);
        return weight * (Value(problem, losses[positive]) - Value(problem, losses[negative]));
    }

    private static (int Positive, int Negative) Lanes(ArmSet arms) => arms == ArmSet.CentreOnly
        ? (arms.IndexOf(Arm.Centre), arms.IndexOf(Arm.Centre))
        : (arms.IndexOf(Arm.Positive), arms.IndexOf(Arm.Negative));

    // A diverged arm reports the worst value of the scale, so that theta is moved away from where it diverges.
    private static double Value<T>(IInnerProblem<T> problem, StepLoss loss) =>
        loss.Diverged ? problem.CeilingLoss : problem.Normalize(loss.Loss);
}
