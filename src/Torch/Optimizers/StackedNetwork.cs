using Involute.Tasks;
using Involute.Tasks.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>
/// What the learned optimizers with a network have in common: normalised features, time, the network, the step.
/// </summary>
/// <param name="theta">Names and shapes of theta; the network's are <c>w0, b0, w1, b1, …</c>.</param>
/// <param name="rule">The multipliers.</param>
/// <param name="tensors">How the inner parameters divide into tensors.</param>
internal sealed class StackedNetwork(ThetaLayout theta, ElementRule rule, IReadOnlyList<TensorSlice> tensors)
{
    private readonly DeviceConstant _scales = new([.. TimeFeatures.Scales]);

    /// <summary>The step of each inner parameter.</summary>
    /// <param name="values">[lanes, length of theta]</param>
    /// <param name="features">[lanes, features, inner parameters], not normalised.</param>
    /// <param name="iteration">Updates so far, [lanes, 1].</param>
    /// <returns>[lanes, inner parameters]: what is to be subtracted.</returns>
    public Tensor Steps(Tensor values, Tensor features, Tensor iteration)
    {
        var elementFeatures = features.shape[1];
        var time = ((iteration / _scales.Like(values)) - 1).tanh().unsqueeze(1);
        var result = Normalised(features);
        for (var layer = 0; theta.Slices.Any(slice => slice.Name == $"w{layer}"); layer++)
        {
            var weights = Slice(values, theta[$"w{layer}"]);
            var bias = Slice(values, theta[$"b{layer}"]).unsqueeze(1);
            if (layer == 0)
            {
                // The same for all inner parameters: part of the bias.
                bias += time.bmm(weights.narrow(1, elementFeatures, TimeFeatures.Count));
                weights = weights.narrow(1, 0, elementFeatures);
            }
            else
            {
                result = result.relu();
            }

            // TorchSharp's receiver is the first factor, its last argument the bias.
            result = weights.transpose(1, 2).baddbmm(result, bias.transpose(1, 2));
        }

        var magnitude = (result.select(1, 1) * rule.ExponentMultiplier).exp();
        return result.select(1, 0) * rule.StepMultiplier * magnitude;
    }

    // Each feature divided by its root mean square over its tensor.
    private Tensor Normalised(Tensor features) => cat(
        [
            .. tensors.Select(slice =>
            {
                var part = features.narrow(2, slice.Offset, slice.Length);
                return part * (part.square().mean([2], true) + ElementRule.MeanSquareEpsilon).rsqrt();
            }),
        ],
        2);

    private static Tensor Slice(Tensor values, TensorSlice slice) => values.narrow(1, slice.Offset, slice.Length)
        .reshape([values.shape[0], .. slice.Shape.Select(size => (long)size)]);
}
