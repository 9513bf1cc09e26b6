using System.Numerics;
using Involute.Tasks.Schedules;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>A meta-optimizer whose learning rate follows a schedule of its own updates, counted from 0.</summary>
/// <param name="schedule">The learning rate at each update.</param>
/// <param name="at">The meta-optimizer with a learning rate; all of them have the same memory.</param>
/// <remarks>Memory: the number of updates so far, then the inner optimizer's.</remarks>
public sealed class ScheduledLearningRate<T>(IScalarSchedule schedule, Func<double, IMetaOptimizer<T>> at)
    : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly IMetaOptimizer<T> _first = at(schedule.At(0));

    /// <inheritdoc/>
    public string Name => _first.Name;

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => 1 + _first.StateLength(thetaLength);

    /// <inheritdoc/>
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        at(schedule.At((long)state[0])).Update(theta, state[1..], gradient);
        state[0]++;
    }
}
