using System.Numerics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Problems;

/// <summary>A linear layer whose outputs are the logarithms of unnormalised probabilities.</summary>
internal static class Readout
{
    /// <summary>Cross entropy of the right class: −ln of the probability that it gets.</summary>
    /// <param name="layer">One row per class: a weight per input, then the bias.</param>
    /// <param name="input">What the layer reads.</param>
    /// <param name="right">The right class.</param>
    public static T CrossEntropy<T>(ReadOnlySpan<T> layer, ReadOnlySpan<T> input, int right)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (sum, score) = (T.Zero, T.Zero);
        var width = input.Length + 1;
        for (var row = 0; row < layer.Length / width; row++)
        {
            var weights = layer.Slice(row * width, width);
            var logit = LstmCell.Dot(weights[..^1], input) + weights[^1];
            sum += PortableMath.Exp(logit);
            score = row == right ? logit : score;
        }

        return PortableMath.Log(sum) - score;
    }
}
