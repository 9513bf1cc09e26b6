using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Involute.Host.Benchmarks;

/// <summary>
/// The most that one core multiplies and adds: fused operations on registers, in chains that do not wait for each other.
/// Nothing is read or written. Kernels are measured against it.
/// </summary>
/// <param name="width">Bits of a vector: 256 or 512.</param>
internal sealed class PeakWork(int width) : IBenchWork
{
    /// <summary>Floating-point operations of one turn with vectors of a width: each chain multiplies and adds once.</summary>
    public static double Flops(int width) => 2.0 * Chains * width / 32;

    // Latency times units of today's processors, and a few more; all of them stay in registers.
    private const int Chains = 12;
    private const int Turns = 100_000;
    private const float Factor = 0.999f;

    private float _kept;

    /// <inheritdoc/>
    public int Run()
    {
        _kept = width == 512 ? Turn512(_kept) : Turn256(_kept);
        return Turns;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Turn256(float start)
    {
        var (m, b) = (Vector256.Create(Factor), Vector256.Create(1 - Factor));
        Vector256<float> c0 = Vector256.Create(start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0,
            c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        for (var turn = 0; turn < Turns; turn++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, m, b);
            c1 = Vector256.FusedMultiplyAdd(c1, m, b);
            c2 = Vector256.FusedMultiplyAdd(c2, m, b);
            c3 = Vector256.FusedMultiplyAdd(c3, m, b);
            c4 = Vector256.FusedMultiplyAdd(c4, m, b);
            c5 = Vector256.FusedMultiplyAdd(c5, m, b);
            c6 = Vector256.FusedMultiplyAdd(c6, m, b);
            c7 = Vector256.FusedMultiplyAdd(c7, m, b);
            c8 = Vector256.FusedMultiplyAdd(c8, m, b);
            c9 = Vector256.FusedMultiplyAdd(c9, m, b);
            c10 = Vector256.FusedMultiplyAdd(c10, m, b);
            c11 = Vector256.FusedMultiplyAdd(c11, m, b);
        }

        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11) / (Chains * 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Turn512(float start)
    {
        var (m, b) = (Vector512.Create(Factor), Vector512.Create(1 - Factor));
        Vector512<float> c0 = Vector512.Create(start), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0,
            c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        for (var turn = 0; turn < Turns; turn++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, m, b);
            c1 = Vector512.FusedMultiplyAdd(c1, m, b);
            c2 = Vector512.FusedMultiplyAdd(c2, m, b);
            c3 = Vector512.FusedMultiplyAdd(c3, m, b);
            c4 = Vector512.FusedMultiplyAdd(c4, m, b);
            c5 = Vector512.FusedMultiplyAdd(c5, m, b);
            c6 = Vector512.FusedMultiplyAdd(c6, m, b);
            c7 = Vector512.FusedMultiplyAdd(c7, m, b);
            c8 = Vector512.FusedMultiplyAdd(c8, m, b);
            c9 = Vector512.FusedMultiplyAdd(c9, m, b);
            c10 = Vector512.FusedMultiplyAdd(c10, m, b);
            c11 = Vector512.FusedMultiplyAdd(c11, m, b);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11) / (Chains * 16);
    }
}
