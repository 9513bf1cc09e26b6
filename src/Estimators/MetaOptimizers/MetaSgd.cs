using System.Numerics;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>theta ← theta − lr · g.</summary>
public sealed class MetaSgd<T>(double learningRate) : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "sgd";

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => 0;

    /// <inheritdoc/>
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        for (var i = 0; i < theta.Length; i++)
        {
            theta[i] = T.CreateTruncating(double.CreateTruncating(theta[i]) - (learningRate * gradient[i]));
        }
    }
}
