using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Numerics;

/// <summary>Finds numbers that are infinite or not a number.</summary>
public static class FiniteCheck
{
    /// <summary>True if no element is infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        // x · 0 is 0 for finite x and NaN for all others, and a sum keeps a NaN.
        var first = Vector256<float>.Zero;
        var second = Vector256<float>.Zero;
        var i = 0;
        for (; i + 16 <= values.Length; i += 16)
        {
            first += Vector256.Create(values[i..]) * Vector256<float>.Zero;
            second += Vector256.Create(values[(i + 8)..]) * Vector256<float>.Zero;
        }

        var rest = 0f;
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0;
        }

        return Vector256.EqualsAll(first + second, Vector256<float>.Zero) && rest == 0;
    }
}
