using System.Numerics;
using System.Runtime.CompilerServices;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Applies the mean of every n gradients to theta, and leaves it as it is in between.</summary>
/// <remarks>
/// Memory: gradients since the last application, their sum, then the inner optimizer's. The inner optimizer counts
/// applications: a learning-rate schedule inside sees every n-th outer step.
/// </remarks>
public sealed class GradientAccumulator<T> : IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly IMetaOptimizer<T> _inner;
    private readonly int _count;

    /// <summary>Averages <paramref name="count"/> gradients, at least 1.</summary>
    public GradientAccumulator(IMetaOptimizer<T> inner, int count)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _inner = inner;
        _count = count;
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public int StateLength(int thetaLength) => 1 + thetaLength + _inner.StateLength(thetaLength);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        var sum = state.Slice(1, theta.Length);
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += gradient[i];
        }

        state[0]++;
        if (state[0] < _count)
        {
            return;
        }

        var mean = new double[sum.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = sum[i] / _count;
        }

        _inner.Update(theta, state[(1 + theta.Length)..], mean);
        state[..(1 + theta.Length)].Clear();
    }
}
