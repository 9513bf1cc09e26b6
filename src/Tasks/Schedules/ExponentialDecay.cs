using Involute.Tasks.Numerics;

namespace Involute.Tasks.Schedules;

/// <summary>Falls by the same share at every step: initial · (1 − rate)^step.</summary>
/// <param name="Initial">The value at step 0.</param>
/// <param name="Rate">The share, at least 0 and below 1.</param>
public sealed record ExponentialDecay(double Initial, double Rate) : IScalarSchedule
{
    /// <inheritdoc/>
    public double At(long outerStep) => Initial * PortableMath.Exp(outerStep * PortableMath.Log(1 - Rate));
}
