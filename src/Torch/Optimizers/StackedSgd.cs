using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary><see cref="LearnableSgd"/> on stacked lanes: p ← p − exp(theta) · g.</summary>
internal sealed class StackedSgd : IStackedOptimizer
{
    /// <inheritdoc/>
    public (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient) =>
        (parameters - (theta.exp() * gradient), state);
}
