using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>Which unroll suits an optimizer on a quadratic.</summary>
internal static class QuadraticUnrolls
{
    // A group has the memory of eight lanes, however few pairs there are; beyond the second-level cache it gains nothing.
    private const int MostParameters = 2048;

    /// <summary>Lanes side by side where the optimizer is element-wise and has a packed form, else one by one.</summary>
    public static IUnroll<float> Create(OptimizedTask problem, int pairs, ArmSet arms, bool drawsCentre) =>
        problem.Task.Parameters[^1].Length > MostParameters
            ? new LaneUnroll(problem, pairs, arms)
            : problem.Optimizer switch
            {
                LearnableAdam => new QuadraticUnroll<PackedAdam>(problem, pairs, arms, drawsCentre),
                LearnableSgd => new QuadraticUnroll<PackedSgd>(problem, pairs, arms, drawsCentre),
                LearnableSgdm => new QuadraticUnroll<PackedSgdm>(problem, pairs, arms, drawsCentre),
                LearnableNesterov => new QuadraticUnroll<PackedNesterov>(problem, pairs, arms, drawsCentre),
                LearnableRmsProp => new QuadraticUnroll<PackedRmsProp>(problem, pairs, arms, drawsCentre),
                _ => new LaneUnroll(problem, pairs, arms),
            };
}
