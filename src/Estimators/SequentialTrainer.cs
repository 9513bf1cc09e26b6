using System.Numerics;
using Involute.Estimators.Pairs;

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
        var slot = new ComputeSlot<T>();
        var state = OuterState<T>.Initial(plan);
        var blocks = plan.Blocks().Select(block => new PairState<T>(plan, block)).ToArray();
        try
        {
            for (var step = 0; step < outerSteps; step++)
            {
                var contributions = blocks.Select(block => block.RunWindow(state.Theta, slot)).ToArray();
                var result = update.Apply(state, contributions);
                state = result.State;
                yield return result;
            }
        }
        finally
        {
            Array.ForEach(blocks, block => block.Dispose());
        }
    }
}
