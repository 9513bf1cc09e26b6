using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Pairs;

/// <summary>Losses of one segment, normalised and summed in double in the order of the steps.</summary>
/// <param name="Delta">Σ weight · (positive − negative); with <see cref="WindowLoss.Last"/> only the window's last step.</param>
/// <param name="Sum">Σ of the mean of both arms, unweighted.</param>
/// <param name="DivergedArms">Arms that were frozen at the segment's end.</param>
internal readonly record struct SegmentLoss(double Delta, double Sum, int DivergedArms)
{
    public static SegmentLoss Of<T>(
        IInnerProblem<T> problem, ArmSet arms, ReadOnlySpan<StepLoss> losses, double weight, bool lastStepOnly)
    {
        var count = arms.Count();
        var positive = arms.IndexOf(Arm.Positive);
        var negative = arms.IndexOf(Arm.Negative);
        var delta = 0.0;
        var sum = 0.0;
        for (var at = 0; at < losses.Length; at += count)
        {
            var plus = Value(problem, losses[at + positive]);
            var minus = Value(problem, losses[at + negative]);
            sum += (plus + minus) / 2;
            delta = lastStepOnly ? weight * (plus - minus) : delta + (weight * (plus - minus));
        }

        var final = losses[^count..];
        var diverged = (final[positive].Diverged ? 1 : 0) + (final[negative].Diverged ? 1 : 0);
        return new SegmentLoss(delta, sum, diverged);
    }

    // A diverged arm reports the worst value of the scale, so that theta is moved away from where it diverges.
    private static double Value<T>(IInnerProblem<T> problem, StepLoss loss) =>
        loss.Diverged ? problem.CeilingLoss : problem.Normalize(loss.Loss);
}
