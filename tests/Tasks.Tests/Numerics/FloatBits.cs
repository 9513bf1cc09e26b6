using System.Runtime.Intrinsics;

namespace Involute.Tasks.Tests.Numerics;

/// <summary>Bits of floats, to be compared. All NaN are one: which of two operands' payload a sum has is the compiler's choice.</summary>
internal static class FloatBits
{
    public static int Of(float x) => BitConverter.SingleToInt32Bits(float.IsNaN(x) ? float.NaN : x);

    public static Vector256<int> Of(Vector256<float> x) =>
        Vector256.ConditionalSelect(Vector256.IsNaN(x), Vector256.Create(float.NaN), x).AsInt32();
}
