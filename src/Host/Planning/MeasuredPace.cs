using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Planning;

/// <summary>How fast this machine runs the windows of a plan, measured for about a second.</summary>
/// <remarks>
/// On as many pair actors as there are threads, from their first window on: the others take as long. Estimators that run
/// whole trajectories take as long as their trajectories do, at least one each.
/// </remarks>
/// <param name="FirstStep">Time of the first outer step, with compiling code.</param>
/// <param name="OuterStepsPerSecond">Outer steps per second after it.</param>
/// <param name="InnerStepsPerSecond">Inner training steps per second, over all lanes.</param>
internal sealed record MeasuredPace(TimeSpan FirstStep, double OuterStepsPerSecond, double InnerStepsPerSecond)
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    /// <summary>Measures.</summary>
    /// <remarks>The first window compiles code, which the first of all pairs pay for together.</remarks>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">Compute threads.</param>
    /// <param name="time">Measures.</param>
    public static MeasuredPace Of(TrainingPlan<float> plan, int threads, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(time);
        var theta = OuterState<float>.Initial(plan).Theta;
        var blocks = plan.Blocks();
        PairState<float>[] pairs = [.. blocks.Take(threads).Select(block => new PairState<float>(plan, block))];
        try
        {
            var rounds = (double)blocks.Count / pairs.Length;
            var slots = Array.ConvertAll(pairs, _ => new ComputeSlot<float>());
            var start = time.GetTimestamp();
            Round();
            var first = time.GetElapsedTime(start);
            var (windows, inner) = (0, 0L);
            start = time.GetTimestamp();
            do
            {
                inner += Round();
                windows++;
            }
            while (time.GetElapsedTime(start) < Enough);

            var seconds = time.GetElapsedTime(start).TotalSeconds;
            var again = TimeSpan.FromSeconds((rounds - 1) * seconds / windows);
            return new MeasuredPace(first + again, windows / (seconds * rounds), inner / seconds);

            long Round()
            {
                var steps = new long[pairs.Length];
                Parallel.For(0, pairs.Length, pair => steps[pair] =
                    pairs[pair].RunWindow(theta, slots[pair]).Reports.Sum(report => (long)report.Steps));
                return steps.Sum() * plan.Estimator.Needs.Arms.Count();
            }
        }
        finally
        {
            Array.ForEach(pairs, pair => pair.Dispose());
        }
    }
}
