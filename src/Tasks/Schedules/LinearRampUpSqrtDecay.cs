namespace Involute.Tasks.Schedules;

/// <summary>
/// Rises in a straight line to a peak, then falls as 1/√step: peak · min(t / s, √(s / t)) with t = max(step, 1).
/// </summary>
/// <param name="Peak">The highest value.</param>
/// <param name="StepsToPeak">s: the step of the peak, at least 1.</param>
public sealed record LinearRampUpSqrtDecay(double Peak, long StepsToPeak) : IScalarSchedule
{
    /// <inheritdoc/>
    public double At(long outerStep)
    {
        var step = (double)Math.Max(outerStep, 1);
        return Peak * Math.Min(step / StepsToPeak, Math.Sqrt(StepsToPeak / step));
    }
}
