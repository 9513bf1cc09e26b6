using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary><see cref="LearnableAdam"/> on stacked lanes.</summary>
/// <param name="slot">The first moments; the second ones lie behind them, then the two corrections.</param>
internal sealed class StackedAdam(StateSlot slot) : IStackedOptimizer
{
    /// <inheritdoc/>
    public (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient)
    {
        var hyper = theta.exp();
        var rates = hyper.narrow(1, 1, 2);
        var corrections = state.narrow(1, 2 * slot.Length, 2);
        corrections += rates * (1 - corrections);
        var moments = slot.Of(state, 2);
        moments += rates.unsqueeze(2) * (stack([gradient, gradient.square()], 1) - moments);
        var root = ((moments.select(1, 1) / corrections.narrow(1, 1, 1)) + LearnableAdam.EpsilonRoot).sqrt();
        var step = hyper.narrow(1, 0, 1) / corrections.narrow(1, 0, 1);
        return (
            parameters - (step * moments.select(1, 0) / (root + hyper.narrow(1, 3, 1))),
            cat([slot.Flat(moments), StateSlot.Tail(corrections)], 1));
    }
}
