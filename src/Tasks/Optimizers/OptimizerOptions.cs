using Involute.Tasks.Components;

namespace Involute.Tasks.Optimizers;

/// <summary>Options of a learned optimizer: its size, or the hyper-parameters that theta starts at.</summary>
[ComponentKind("optimizer", "optimizers")]
public abstract record OptimizerOptions : ComponentOptions
{
    /// <summary>Makes the optimizer.</summary>
    public abstract ILearnedOptimizer Create();
}

/// <summary>No learned optimizer: the task is a whole problem with a theta of its own.</summary>
[Component("none", "no optimizer; exactly for tasks that have a theta of their own")]
public sealed record NoOptimizerOptions : OptimizerOptions
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override ILearnedOptimizer Create() =>
        throw new InvalidOperationException("optimizer 'none' goes with problems that have a theta of their own");
}
