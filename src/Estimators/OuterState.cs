using System.Numerics;

namespace Involute.Estimators;

/// <summary>What the learner owns: theta and the meta-optimizer's memory. Never changes; updates make a new one.</summary>
/// <param name="Theta">Theta and its version.</param>
/// <param name="MetaOptimizer">The meta-optimizer's memory.</param>
public sealed record OuterState<T>(Theta<T> Theta, ReadOnlyMemory<double> MetaOptimizer)
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Before the first outer step.</summary>
    public static OuterState<T> Initial(TrainingPlan<T> plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var values = new T[plan.ThetaLength];
        plan.Problem.InitialTheta(plan.Windows.Seed, values);
        return new OuterState<T>(
            new Theta<T>(new ThetaVersion(0), values), new double[plan.MetaOptimizer.StateLength(values.Length)]);
    }
}
