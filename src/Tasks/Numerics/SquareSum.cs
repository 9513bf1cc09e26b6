using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Σ x², in double, with the same bits on every machine.</summary>
/// <remarks>
/// Element i goes to partial sum i mod 16, whatever the vector width. The square of a float is exact in a double and
/// does not overflow.
/// </remarks>
internal static unsafe class SquareSum
{
    private const int Partials = 16;

    public static double Of(float* values, int count)
    {
        var whole = count / Partials * Partials;
        var rest = stackalloc float[Partials];
        new Span<float>(rest, Partials).Clear();
        new ReadOnlySpan<float>(values + whole, count - whole).CopyTo(new Span<float>(rest, Partials));
        return OfWhole(values, whole, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double OfWhole(float* values, int count, float* rest)
    {
        var s0 = Vector256<double>.Zero;
        Vector256<double> s1 = s0, s2 = s0, s3 = s0;
        for (var i = 0; i <= count; i += Partials)
        {
            var from = i < count ? values + i : rest;
            var (x0, x1) = Vector256.Widen(Vector256.Load(from));
            var (x2, x3) = Vector256.Widen(Vector256.Load(from + Vector256<float>.Count));
            s0 += x0 * x0;
            s1 += x1 * x1;
            s2 += x2 * x2;
            s3 += x3 * x3;
        }

        var sum = (s0 + s1) + (s2 + s3);
        return (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
}
