using Involute.Estimators.Estimation;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>
/// What the losses of one segment add up to: normalised, in double, in the order of the steps. These are raw sums: the
/// window divides them once, at its end, when it makes a <see cref="SegmentRecord"/> of them.
/// </summary>
/// <param name="Delta">Σ weight · (positive − negative) over the steps that count.</param>
/// <param name="Share">Σ weight over the steps that count: <paramref name="Delta"/> if every difference were 1.</param>
/// <param name="LastDelta">weight · (positive − negative) of the last step.</param>
/// <param name="MinDelta">weight · (lowest positive − lowest negative) over all steps.</param>
/// <param name="Loss">Σ of the mean of both arms over all steps, unweighted.</param>
/// <param name="DivergedArms">Arms that were frozen at the segment's end.</param>
internal readonly record struct SegmentSum(
    double Delta, double Share, double LastDelta, double MinDelta, double Loss, int DivergedArms)
{
    /// <summary>Of a segment's losses, step by step; a pair with one lane counts as two equal arms.</summary>
    /// <param name="problem">Normalises the losses.</param>
    /// <param name="arms">The lanes of the pair.</param>
    /// <param name="losses">Of all steps and lanes.</param>
    /// <param name="weight">How much a step counts: 1, or E[H] / H.</param>
    /// <param name="firstCounted">The first step that counts; see <see cref="PairWindow.Take"/>.</param>
    public static SegmentSum Of<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight, int firstCounted)
    {
        var count = arms.Count();
        var (positive, negative) = Lanes(arms);
        var steps = losses.Length / count;
        var delta = 0.0;
        var last = 0.0;
        var sum = 0.0;
        var lowestPositive = double.PositiveInfinity;
        var lowestNegative = double.PositiveInfinity;
        for (var step = 0; step < steps; step++)
        {
            var plus = Value(problem, losses[(step * count) + positive]);
            var minus = Value(problem, losses[(step * count) + negative]);
            sum += (plus + minus) / 2;
            last = weight * (plus - minus);
            delta += step >= firstCounted ? last : 0;
            lowestPositive = Math.Min(lowestPositive, plus);
            lowestNegative = Math.Min(lowestNegative, minus);
        }

        var final = losses[^count..];
        var diverged = (final[positive].Diverged ? 1 : 0) + (final[negative].Diverged && negative != positive ? 1 : 0);
        return new SegmentSum(
            delta, weight * (steps - firstCounted), last, weight * (lowestPositive - lowestNegative), sum, diverged);
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
