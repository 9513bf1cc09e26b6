using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Regression;

/// <summary>
/// Loops over a row of floats, with the same bits on every machine: no width of vectors changes an order.
/// </summary>
internal static class RowKernels
{
    // Below this tanh x rounds to x: the next term, x³ / 3, is less than a tenth of the last place.
    private const float LinearTanh = 1e-4f;

    /// <summary>target ← target + scale · source, each element by one fused multiply-add.</summary>
    /// <param name="target">Is changed.</param>
    /// <param name="source">At least as long.</param>
    /// <param name="scale">The factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float scale)
    {
        var factor = Vector256.Create(scale);
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var s = ref MemoryMarshal.GetReference(source[..target.Length]);
        var i = 0;
        for (; i + Vector256<float>.Count <= target.Length; i += Vector256<float>.Count)
        {
            Vector256.FusedMultiplyAdd(
                Vector256.LoadUnsafe(ref s, (nuint)i), factor, Vector256.LoadUnsafe(ref t, (nuint)i))
                .StoreUnsafe(ref t, (nuint)i);
        }

        for (; i < target.Length; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(source[i], scale, target[i]);
        }
    }

    /// <summary>
    /// Σ a b: element i of the whole eights in partial sum i mod 8, then these in order, then the rest.
    /// </summary>
    /// <param name="a">One row.</param>
    /// <param name="b">At least as long.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var partial = Vector256<float>.Zero;
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..a.Length]);
        var i = 0;
        for (; i + Vector256<float>.Count <= a.Length; i += Vector256<float>.Count)
        {
            partial = Vector256.FusedMultiplyAdd(
                Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i), partial);
        }

        var sum = 0f;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
        {
            sum += partial[lane];
        }

        for (; i < a.Length; i++)
        {
            sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
        }

        return sum;
    }

    /// <summary>x ← tanh x for each element; NaN stays NaN.</summary>
    /// <param name="values">Is changed.</param>
    public static void Tanh(Span<float> values)
    {
        foreach (ref var value in values)
        {
            value = Tanh(value);
        }
    }

    /// <summary>tanh x, from −1 to 1; computed in double and rounded once.</summary>
    /// <param name="x">Any number.</param>
    public static float Tanh(float x)
    {
        var size = Math.Abs(x);
        if (size < LinearTanh)
        {
            return x;
        }

        // A negative exponent does not overflow.
        var power = PortableMath.Exp(-2.0 * size);
        return MathF.CopySign((float)((1 - power) / (1 + power)), x);
    }
}
