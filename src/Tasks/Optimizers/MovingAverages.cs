using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>Exponential moving averages, element by element: a ← a + rate · (x − a).</summary>
/// <remarks>
/// With the rate, not the decay: 1 − 0.9999 is off by 3e-4 of itself when the decay is rounded to a float. Lengths are
/// padded to a multiple of 16 floats, but for <see cref="AddAny"/>.
/// </remarks>
internal static unsafe class MovingAverages
{
    /// <summary>Eight averages after one x more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Next(Vector256<float> averages, Vector256<float> values, Vector256<float> rates) =>
        Vector256.FusedMultiplyAdd(values - averages, rates, averages);

    /// <summary>Averages of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* averages, float* values, int length, float rate)
    {
        var rates = Vector256.Create(rate);
        for (var i = 0; i < length; i += Vector256<float>.Count)
        {
            Next(Vector256.Load(averages + i), Vector256.Load(values + i), rates).Store(averages + i);
        }
    }

    /// <summary>Averages of any number of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddAny(float* averages, float* values, int length, float rate)
    {
        var whole = length & -Vector256<float>.Count;
        Add(averages, values, whole, rate);
        for (var i = whole; i < length; i++)
        {
            averages[i] = MathF.FusedMultiplyAdd(values[i] - averages[i], rate, averages[i]);
        }
    }
}
