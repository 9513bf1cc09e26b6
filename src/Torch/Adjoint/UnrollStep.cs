using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Optimizers;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Adjoint;

/// <summary>What the lanes see in one step.</summary>
/// <param name="Train">The batch that they train on; each [lanes, …].</param>
/// <param name="Meta">The batch that the loss is measured on, where that is after the update.</param>
internal readonly record struct StepBatch(Tensor[] Train, Tensor[] Meta);

/// <summary>One inner step of stacked lanes as a function that autograd differentiates.</summary>
/// <param name="task">What is trained.</param>
/// <param name="optimizer">What trains it.</param>
/// <param name="time">When the loss is measured.</param>
internal sealed class UnrollStep(TorchTask task, IStackedOptimizer optimizer, LossTime time)
{
    /// <summary>Whether a step's loss depends on its update.</summary>
    public bool MeasuresAfterUpdate => time.AfterUpdate;

    /// <summary>The losses before the update.</summary>
    /// <param name="parameters">[lanes, inner parameters]</param>
    /// <param name="batch">What the lanes see.</param>
    /// <returns>[lanes]</returns>
    public Tensor LossesBefore(Tensor parameters, StepBatch batch) => Losses(parameters, batch.Train);

    /// <summary>Makes a step.</summary>
    /// <param name="theta">[lanes, length of theta]</param>
    /// <param name="parameters">[lanes, inner parameters]; it requires a gradient.</param>
    /// <param name="state">[lanes, optimizer state]</param>
    /// <param name="batch">What the lanes see.</param>
    /// <returns>
    /// Losses [lanes], next parameters, next state. The inner gradient is part of the graph: without it, derivatives
    /// would look plausible and be wrong.
    /// </returns>
    public (Tensor Losses, Tensor Parameters, Tensor State) Run(
        Tensor theta, Tensor parameters, Tensor state, StepBatch batch)
    {
        var losses = Losses(parameters, batch.Train);
        var gradient = autograd.grad([losses.sum()], [parameters], retain_graph: true, create_graph: true)[0];
        var (next, nextState) = optimizer.Step(theta, parameters, state, gradient);
        return (time.AfterUpdate ? Losses(next, batch.Meta) : losses, next, nextState);
    }

    private Tensor Losses(Tensor parameters, Tensor[] batch)
    {
        using var wanted = SecondDerivatives.Want();
        return LaneGradients.LossesOf(task, task.ResolvedBatching, parameters, batch);
    }
}
