using System.Numerics;
using System.Runtime.CompilerServices;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Clips each entry of the gradient to [−limit, limit] before another meta-optimizer applies it.</summary>
public sealed class ClipByValue<T>(IMetaOptimizer<T> inner, double limit) : IMetaOptimizer<T>
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
        var clipped = new double[gradient.Length];
        for (var i = 0; i < clipped.Length; i++)
        {
            clipped[i] = Math.Clamp(gradient[i], -limit, limit);
        }

        inner.Update(theta, state, clipped);
    }
}
