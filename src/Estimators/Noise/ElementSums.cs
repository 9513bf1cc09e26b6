using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Involute.Estimators.Noise;

/// <summary>Sums and products of lists as long as theta, element by element.</summary>
/// <remarks>
/// Each product and each sum is rounded, none is fused, and no element depends on another: every width of vectors gives the bits of the
/// plain loop. Lists that belong together have the same length. Compiled once and for good, so that a run's first windows are not slow.
/// </remarks>
internal static class ElementSums
{
    /// <summary>sum ← sum + scale · (weight · x), in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(Span<double> sum, double scale, double weight, ReadOnlySpan<T> x)
        where T : struct, IFloatingPointIeee754<T>
    {
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var a = ref MemoryMarshal.GetReference(x[..sum.Length]);
        var (scales, weights) = (Vector256.Create(scale), Vector256.Create(weight));
        var i = 0;
        for (; i <= LastWidened<T>(sum.Length); i += Vector256<double>.Count)
        {
            var before = Vector256.LoadUnsafe(ref s, (nuint)i);
            (before + (scales * (weights * Widened(ref a, i)))).StoreUnsafe(ref s, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += scale * (weight * double.CreateTruncating(x[i]));
        }
    }

    /// <summary>sum ← sum + scale · (weightX · x + weightY · y), in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(
        Span<double> sum, double scale, double weightX, ReadOnlySpan<T> x, double weightY, ReadOnlySpan<T> y)
        where T : struct, IFloatingPointIeee754<T>
    {
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var a = ref MemoryMarshal.GetReference(x[..sum.Length]);
        ref var b = ref MemoryMarshal.GetReference(y[..sum.Length]);
        var (scales, weightsX, weightsY) = (Vector256.Create(scale), Vector256.Create(weightX), Vector256.Create(weightY));
        var i = 0;
        for (; i <= LastWidened<T>(sum.Length); i += Vector256<double>.Count)
        {
            var terms = (weightsX * Widened(ref a, i)) + (weightsY * Widened(ref b, i));
            (Vector256.LoadUnsafe(ref s, (nuint)i) + (scales * terms)).StoreUnsafe(ref s, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += scale * ((weightX * double.CreateTruncating(x[i])) + (weightY * double.CreateTruncating(y[i])));
        }
    }

    /// <summary>sum ← sum + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(Span<T> sum, ReadOnlySpan<T> x)
        where T : struct, IFloatingPointIeee754<T>
    {
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var a = ref MemoryMarshal.GetReference(x[..sum.Length]);
        var i = 0;
        for (; i <= Last<T>(sum.Length); i += Vector256<T>.Count)
        {
            (Vector256.LoadUnsafe(ref s, (nuint)i) + Vector256.LoadUnsafe(ref a, (nuint)i)).StoreUnsafe(ref s, (nuint)i);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += x[i];
        }
    }

    /// <summary>plus ← x + y, minus ← x − y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlusMinus<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> plus, Span<T> minus)
        where T : struct, IFloatingPointIeee754<T>
    {
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y[..x.Length]);
        ref var p = ref MemoryMarshal.GetReference(plus[..x.Length]);
        ref var m = ref MemoryMarshal.GetReference(minus[..x.Length]);
        var i = 0;
        for (; i <= Last<T>(x.Length); i += Vector256<T>.Count)
        {
            var (centre, distance) = (Vector256.LoadUnsafe(ref a, (nuint)i), Vector256.LoadUnsafe(ref b, (nuint)i));
            (centre + distance).StoreUnsafe(ref p, (nuint)i);
            (centre - distance).StoreUnsafe(ref m, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            plus[i] = x[i] + y[i];
            minus[i] = x[i] - y[i];
        }
    }

    /// <summary>The numbers, each rounded to the nearest of the other type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T[] Rounded<T>(ReadOnlySpan<double> values)
        where T : struct, IFloatingPointIeee754<T>
    {
        var rounded = new T[values.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = T.CreateTruncating(values[i]);
        }

        return rounded;
    }

    // The last element at which a vector may begin; none of types that have no vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Last<T>(int length) => Vector256<T>.IsSupported ? length - Vector256<T>.Count : -1;

    // The last element from which a vector of four doubles can be made.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastWidened<T>(int length) =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? length - Vector256<double>.Count : -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widened<T>(ref T values, int first)
        where T : struct
    {
        if (typeof(T) == typeof(double))
        {
            return Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref values), (nuint)first);
        }

        var four = Vector128.LoadUnsafe(ref Unsafe.As<T, float>(ref values), (nuint)first);
        return Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));
    }
}
