using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        // Four sums, because each waits for itself.
        Vector256<float> zero = Vector256<float>.Zero, sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero;
        ref var first = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i + 32 <= values.Length; i += 32)
        {
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)i), zero, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)i + 8), zero, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)i + 16), zero, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)i + 24), zero, sum3);
        }

        var rest = 0f;
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0;
        }

        return Vector256.EqualsAll((sum0 + sum1) + (sum2 + sum3), zero) && rest == 0;
    }
}
