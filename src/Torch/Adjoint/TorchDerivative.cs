using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;
using Involute.Torch.Optimizers;

namespace Involute.Torch.Adjoint;

/// <summary>
/// Differentiates unrolls by torch: of tasks that torch computes, and of built-in ones that have a form for it.
/// </summary>
public sealed class TorchDerivative : IUnrollDerivative
{
    /// <inheritdoc/>
    /// <remarks>Loads no libtorch.</remarks>
    public (string Problem, string Allowed)? Refusal(IInnerTask task, ILearnedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(optimizer);
        return StackedOptimizers.Of(optimizer, task.Parameters) is null
            ? ($"optimizer {optimizer.Name} has no form that can be differentiated", StackedOptimizers.Names)
            : TorchForms.Offers(task) ? null
            : ($"task {task.Name} has no form that can be differentiated", TorchForms.Names);
    }

    /// <inheritdoc/>
    /// <exception cref="Native.TorchUnavailableException">libtorch cannot be loaded.</exception>
    /// <exception cref="NotSupportedException">Task or optimizer are refused.</exception>
    public IAdjointUnroll<float> CreateUnroll(OptimizedTask problem, int pairs, ArmSet arms)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (Refusal(problem.Task, problem.Optimizer) is { } refusal)
        {
            throw new NotSupportedException($"{refusal.Problem}; allowed: {refusal.Allowed}");
        }

        TorchRuntime.Ensure();
        return new TorchAdjointUnroll(
            problem, TorchForms.Of(problem.Task), StackedOptimizers.Of(problem.Optimizer, problem.Task.Parameters)!,
            pairs, arms);
    }
}
