using System.Numerics;
using System.Runtime.CompilerServices;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>
/// Shortens the gradient to a Euclidean norm of at most limit before another meta-optimizer applies it.
/// </summary>
public sealed class ClipByGlobalNorm<T>(IMetaOptimizer<T> inner, double limit) : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => inner.StateLength(thetaLength);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        var norm = GradientNorm.Of(gradient);
        if (norm <= limit)
        {
            inner.Update(theta, state, gradient);
            return;
        }

        var shortened = new double[gradient.Length];
        for (var i = 0; i < shortened.Length; i++)
        {
            shortened[i] = gradient[i] * (limit / norm);
        }

        inner.Update(theta, state, shortened);
    }
}
