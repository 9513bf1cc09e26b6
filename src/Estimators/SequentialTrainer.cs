using System.Numerics;
using Involute.Estimators.Plans;

namespace Involute.Estimators;

/// <summary>
/// All of meta-training in one readable loop, without actors. It is the specification: a run on actors gives the same
/// theta bit for bit.
/// </summary>
public sealed class SequentialTrainer<T>(TrainingPlan<T> plan)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Runs outer steps from the initial theta, one result per step, as they are asked for.</summary>
    public IEnumerable<OuterStepResult<T>> Run(int outerSteps)
    {
        var update = new OuterUpdate<T>(plan);
        var state = OuterState<T>.Initial(plan);
        using var pairs = new AllPairs<T>(plan);
        for (var step = 0; step < outerSteps; step++)
        {
            var result = update.Apply(state, pairs.RunWindow(state.Theta));
            state = result.State;
            yield return result;
        }
    }
}
