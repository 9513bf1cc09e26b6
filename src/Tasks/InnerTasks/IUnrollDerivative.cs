using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Differentiates unrolls of learned optimizers on tasks by theta. Tasks and optimizers know nothing of it; a program
/// that has one gives it to <see cref="OptimizedTask.Derivative"/>.
/// </summary>
/// <remarks>Immutable and shared between threads.</remarks>
public interface IUnrollDerivative
{
    /// <summary>Why it cannot differentiate an optimizer on a task, with what is allowed; null if it can.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="optimizer">What trains it.</param>
    /// <returns>The problem and what is allowed, in words that follow a colon.</returns>
    (string Problem, string Allowed)? Refusal(IInnerTask task, ILearnedOptimizer optimizer);

    /// <summary>Creates lanes that can go back.</summary>
    /// <param name="problem">Task and optimizer, neither of them refused.</param>
    /// <param name="pairs">Number of pairs, at least 1.</param>
    /// <param name="arms">With the unperturbed lane.</param>
    IAdjointUnroll<float> CreateUnroll(OptimizedTask problem, int pairs, ArmSet arms);
}
