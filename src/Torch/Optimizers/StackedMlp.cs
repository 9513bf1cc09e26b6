using Involute.Tasks;
using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary><see cref="MlpOptimizer"/> on stacked lanes.</summary>
/// <param name="optimizer">Layout of theta and multipliers.</param>
/// <param name="tensors">How the inner parameters divide into tensors.</param>
internal sealed class StackedMlp(MlpOptimizer optimizer, IReadOnlyList<TensorSlice> tensors) : IStackedOptimizer
{
    private readonly DeviceConstant _rates = new([.. MlpFeatures.Rates.ToArray().Select(rate => (double)rate)]);
    private readonly StackedNetwork _network = new(optimizer.Layout, optimizer.Rule, tensors);
    private readonly StateSlot _slot = new(tensors);

    /// <inheritdoc/>
    public (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient)
    {
        var slope = gradient.unsqueeze(1);
        var momenta = _slot.Of(state, MlpFeatures.Momenta);
        momenta += _rates.Like(theta).unsqueeze(1) * (slope - momenta);
        var iteration = state.narrow(1, MlpFeatures.Momenta * _slot.Length, 1);
        var step = _network.Steps(theta, cat([slope, parameters.unsqueeze(1), momenta], 1), iteration);
        return (parameters - step, cat([_slot.Flat(momenta), StateSlot.Tail(iteration + 1)], 1));
    }
}
