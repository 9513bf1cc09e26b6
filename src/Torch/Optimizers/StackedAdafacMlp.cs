using Involute.Tasks;
using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary><see cref="AdafacMlpOptimizer"/> on stacked lanes; <see cref="AdafacFeatures"/> has the formulas.</summary>
/// <param name="optimizer">Layout of theta and multipliers.</param>
/// <param name="tensors">How the inner parameters divide into tensors.</param>
internal sealed class StackedAdafacMlp(AdafacMlpOptimizer optimizer, IReadOnlyList<TensorSlice> tensors)
    : IStackedOptimizer
{
    private const int Momenta = AdafacMlpOptimizer.Momenta;

    private readonly DeviceConstant _rates = new([.. AdafacMlpOptimizer.InitialRates]);
    private readonly StackedNetwork _network = new(optimizer.Layout, optimizer.Rule, tensors);
    private readonly FactoredTensor[] _tensors = [.. tensors.Select(slice => new FactoredTensor(slice))];
    private readonly StateSlot _slot = new(tensors);

    /// <inheritdoc/>
    public (Tensor Parameters, Tensor State) Step(Tensor theta, Tensor parameters, Tensor state, Tensor gradient)
    {
        var (ofMomenta, ofSquares, ofFactors) = Rates(theta);
        var slope = gradient.unsqueeze(1);
        var averages = _slot.Of(state, AdafacMlpOptimizer.Slots);
        var momenta = averages.narrow(1, 0, Momenta);
        momenta += ofMomenta * (slope - momenta);
        var squares = averages.narrow(1, Momenta, 1);
        squares += ofSquares * (slope.square() - squares);
        var inverse = (squares + AdafacFeatures.RmsEpsilon).rsqrt();

        var features = new List<Tensor>();
        var factored = new List<Tensor>();
        var at = (long)AdafacMlpOptimizer.Slots * _slot.Length;
        foreach (var tensor in _tensors)
        {
            var (ofTensor, next) = tensor.Step(slope, momenta, state.narrow(1, at, tensor.StateLength), ofFactors);
            features.Add(ofTensor);
            factored.Add(next);
            at += tensor.StateLength;
        }

        var iteration = state.narrow(1, AdafacMlpOptimizer.FactoredEnd(tensors, _slot.Length), 1);
        var all = cat(
            [slope, parameters.unsqueeze(1), momenta, squares, momenta * inverse, inverse, cat(features, 2)], 1);
        return (
            parameters - _network.Steps(theta, all, iteration),
            cat(
                [
                    _slot.Flat(cat([momenta, squares], 1)), StateSlot.Tail(cat(factored, 1)),
                    StateSlot.Tail(iteration + 1),
                ],
                1));
    }

    // 1 − decay of each average, [lanes, decays, 1]; those of squares are at most 1.
    private (Tensor OfMomenta, Tensor OfSquares, Tensor OfFactors) Rates(Tensor theta)
    {
        var learned = (theta.narrow(1, 0, AdafacMlpOptimizer.DecayCount) * AdafacMlpOptimizer.DecayScale).exp();
        var rates = (_rates.Like(theta) * learned).unsqueeze(2);
        var ofSquares = rates.narrow(1, AdafacMlpOptimizer.RmsDecay, 1 + FactoredMoments.Decays).clamp_max(1);
        return (
            rates.narrow(1, 0, Momenta), ofSquares.narrow(1, 0, 1), ofSquares.narrow(1, 1, FactoredMoments.Decays));
    }
}
