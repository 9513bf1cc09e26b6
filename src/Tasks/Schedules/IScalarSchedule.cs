namespace Involute.Tasks.Schedules;

/// <summary>A number that depends on the outer step: a learning rate, a length.</summary>
public interface IScalarSchedule
{
    /// <summary>Its value at an outer step, counted from 0.</summary>
    double At(long outerStep);
}

/// <summary>The same at every step.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantValue(double Value) : IScalarSchedule
{
    /// <inheritdoc/>
    public double At(long outerStep) => Value;
}
