using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>
/// <see cref="LearnableSgdm"/> on stacked lanes: v ← (1 − exp(theta₁)) v + g, p ← p − exp(theta₀) · v.
/// </summary>
/// <param name="slot">The velocities.</param>
internal sealed class StackedSgdm(StateSlot slot) : IStackedOptimizer
{
    /// <inheritdoc/>
    public (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient)
    {
        var rates = theta.exp();
        var velocity = (slot.Of(state, 1).squeeze(1) * (1 - rates.narrow(1, 1, 1))) + gradient;
        return (parameters - (rates.narrow(1, 0, 1) * velocity), slot.Flat(velocity.unsqueeze(1)));
    }
}
