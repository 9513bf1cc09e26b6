using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>What happens to sums just before they are stored; a type, so that it costs no branch.</summary>
public unsafe interface ITileFinish
{
    /// <summary>Maps eight sums.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="gate">Eight floats of the product's gate, in the place of the sums.</param>
    static abstract Vector256<float> Apply(Vector256<float> sums, float* gate);
}

/// <summary>Stores the sums as they are.</summary>
public readonly unsafe struct Unchanged : ITileFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> sums, float* gate) => sums;
}

/// <summary>max(sum, 0), where NaN stays NaN: a hardware maximum would turn it into 0 and hide a divergence.</summary>
public readonly unsafe struct Rectified : ITileFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> sums, float* gate) =>
        Vector256.AndNot(sums, Vector256.LessThanOrEqual(sums, Vector256<float>.Zero));
}

/// <summary>Keeps a sum where the gate is positive, else 0: the gradient of <see cref="Rectified"/>.</summary>
public readonly unsafe struct Gated : ITileFinish
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Apply(Vector256<float> sums, float* gate) =>
        sums & Vector256.GreaterThan(Vector256.Load(gate), Vector256<float>.Zero);
}
