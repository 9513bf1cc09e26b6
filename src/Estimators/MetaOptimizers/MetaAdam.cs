using System.Numerics;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>theta ← theta − lr · m̂ / (sqrt(v̂ + root) + ε).</summary>
/// <remarks>
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; the reference system adds
/// <c>root</c> = 1e-8 inside the square root. Memory: m, v, then 1 − β₁ᵗ and 1 − β₂ᵗ as moving averages of 1.
/// </remarks>
public sealed class MetaAdam<T>(
    double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double epsilonRoot = 1e-8)
    : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "adam";

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => (2 * thetaLength) + 2;

    /// <inheritdoc/>
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        var first = state[..theta.Length];
        var second = state.Slice(theta.Length, theta.Length);
        var corrections = state[(2 * theta.Length)..];
        corrections[0] += (1 - beta1) * (1 - corrections[0]);
        corrections[1] += (1 - beta2) * (1 - corrections[1]);
        for (var i = 0; i < theta.Length; i++)
        {
            first[i] += (1 - beta1) * (gradient[i] - first[i]);
            second[i] += (1 - beta2) * ((gradient[i] * gradient[i]) - second[i]);
            var denominator = Math.Sqrt((second[i] / corrections[1]) + epsilonRoot) + epsilon;
            var step = learningRate * (first[i] / corrections[0]) / denominator;
            theta[i] = T.CreateTruncating(double.CreateTruncating(theta[i]) - step);
        }
    }
}
