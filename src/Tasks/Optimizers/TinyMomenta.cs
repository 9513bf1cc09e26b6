using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Tasks.Optimizers;

/// <summary>Momenta of <see cref="AdafacMlpOptimizer"/> that are so small that hardly a sum of the network can tell them from 0.</summary>
/// <remarks>
/// Where a unit of the trained network is dead, momenta end among subnormal numbers (<see cref="Numerics.Subnormals"/>), and each feature
/// that is computed from one would cost a processor of Intel's some hundred cycles for each unit of the optimizer's network. A tile takes
/// them as 0 where a sum is at least <see cref="LeastSum"/>: a feature is a momentum times at most 2³⁰ (two factors of at most 1/√1e-9) and
/// 2⁹ (its scale, 1/√1e-5), weights are at most <see cref="MostWeight"/>, so that a product is below 2⁻⁷¹, less than half a unit in the
/// last place of the sum.
/// </remarks>
internal static unsafe class TinyMomenta
{
    /// <summary>2⁻¹²⁰: below this a momentum is tiny.</summary>
    public const float Bound = 7.52316385e-37f;

    /// <summary>2⁻⁴⁰.</summary>
    public const float LeastSum = 9.09494702e-13f;

    /// <summary>2¹⁰.</summary>
    public const float MostWeight = 1024;

    /// <summary>The least magnitudes so far as bits, less 1, so that 0 comes last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Least(Vector256<uint> least, Vector256<float> momenta) =>
        Vector256.Min(least, (momenta.AsUInt32() & Vector256.Create((uint)int.MaxValue)) - Vector256<uint>.One);

    /// <summary>Whether a tiny number besides 0 was among those that <see cref="Least"/> saw.</summary>
    public static bool AnySeen(Vector256<uint> least) =>
        Vector256.LessThanAny(least, Vector256.Create(BitConverter.SingleToUInt32Bits(Bound) - 1));

    /// <summary>Whether a tiny number besides 0 is among some.</summary>
    /// <param name="momenta">The first.</param>
    /// <param name="count">How many, a multiple of 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreAmong(float* momenta, nint count)
    {
        var least = Vector256<uint>.AllBitsSet;
        for (nint i = 0; i < count; i += Vector256<float>.Count)
        {
            least = Least(least, Vector256.Load(momenta + i));
        }

        return AnySeen(least);
    }

    /// <summary>Whether one of three momenta is among those that have tiny numbers, a bit each.</summary>
    public static bool Has(int found, int momentum) => (found & (1 << momentum)) != 0;

    /// <summary>Whether all weights are small enough for tiny momenta to be taken as 0.</summary>
    public static bool AreWeights(float* weights, int count)
    {
        var small = true;
        for (var i = 0; i < count; i++)
        {
            small &= MathF.Abs(weights[i]) <= MostWeight;
        }

        return small;
    }

    /// <summary>Copies numbers, and takes tiny ones as 0.</summary>
    /// <param name="numbers">The first.</param>
    /// <param name="count">How many, a multiple of 8.</param>
    /// <param name="to">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Clear(float* numbers, nint count, float* to)
    {
        for (nint i = 0; i < count; i += Vector256<float>.Count)
        {
            var x = Vector256.Load(numbers + i);
            Vector256.AndNot(x, Vector256.LessThan(Vector256.Abs(x), Vector256.Create(Bound))).Store(to + i);
        }
    }
}
