using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>The tiles of <see cref="OptimizerNetwork"/>: units of a layer × elements, with all sums in registers.</summary>
/// <remarks>
/// <para>C[r, e] = bias[r] + Σ_t w[t, r] · B[t, e], each one chain of fused multiply-adds in the order of t. Twelve sums
/// of eight elements, three vectors of B and one weight fill the sixteen registers of AVX2; with 512 bits the same tiles
/// are twice as wide.</para>
/// <para>Each in a small method of its own: in a large one the compiler spills the sums to memory.</para>
/// </remarks>
internal static unsafe class NetworkTiles
{
    /// <summary>Elements of <see cref="Rows4"/>.</summary>
    public const int Columns4 = 3 * Lanes;

    private const int Lanes = 8;

    /// <summary>Four units × 24 elements.</summary>
    /// <param name="w">Weights of the first unit, [depth × wStep]; the other units' stand behind each.</param>
    /// <param name="wStep">Floats from the weights of one input to those of the next.</param>
    /// <param name="bias">Four biases.</param>
    /// <param name="b">Inputs, [depth × bStep].</param>
    /// <param name="bStep">Floats from one input to the next.</param>
    /// <param name="c">Outputs, [4 × cStep].</param>
    /// <param name="cStep">Floats from one unit's outputs to the next.</param>
    /// <param name="depth">Number of inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TFinish>(
        float* w, nint wStep, float* bias, float* b, nint bStep, float* c, nint cStep, int depth)
        where TFinish : struct, ITileFinish
    {
        var c00 = Vector256.Create(bias[0]);
        var c10 = Vector256.Create(bias[1]);
        var c20 = Vector256.Create(bias[2]);
        var c30 = Vector256.Create(bias[3]);
        Vector256<float> c01 = c00, c11 = c10, c21 = c20, c31 = c30, c02 = c00, c12 = c10, c22 = c20, c32 = c30;
        for (; depth > 0; depth--)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Lanes);
            var b2 = Vector256.Load(b + (2 * Lanes));
            var x = Vector256.Create(w[0]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            c02 = Vector256.FusedMultiplyAdd(x, b2, c02);
            x = Vector256.Create(w[1]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            c12 = Vector256.FusedMultiplyAdd(x, b2, c12);
            x = Vector256.Create(w[2]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            c22 = Vector256.FusedMultiplyAdd(x, b2, c22);
            x = Vector256.Create(w[3]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            c32 = Vector256.FusedMultiplyAdd(x, b2, c32);
            w += wStep;
            b += bStep;
        }

        Store<TFinish>(c, c00, c01, c02);
        Store<TFinish>(c += cStep, c10, c11, c12);
        Store<TFinish>(c += cStep, c20, c21, c22);
        Store<TFinish>(c + cStep, c30, c31, c32);
    }

    /// <summary>Two units × 48 elements; the parameters are those of <see cref="Rows4"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<TFinish>(
        float* w, nint wStep, float* bias, float* b, nint bStep, float* c, nint cStep, int depth)
        where TFinish : struct, ITileFinish
    {
        var c00 = Vector256.Create(bias[0]);
        var c10 = Vector256.Create(bias[1]);
        Vector256<float> c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00;
        Vector256<float> c11 = c10, c12 = c10, c13 = c10, c14 = c10, c15 = c10;
        for (; depth > 0; depth--)
        {
            var x0 = Vector256.Create(w[0]);
            var x1 = Vector256.Create(w[1]);
            var y = Vector256.Load(b);
            c00 = Vector256.FusedMultiplyAdd(x0, y, c00);
            c10 = Vector256.FusedMultiplyAdd(x1, y, c10);
            y = Vector256.Load(b + Lanes);
            c01 = Vector256.FusedMultiplyAdd(x0, y, c01);
            c11 = Vector256.FusedMultiplyAdd(x1, y, c11);
            y = Vector256.Load(b + (2 * Lanes));
            c02 = Vector256.FusedMultiplyAdd(x0, y, c02);
            c12 = Vector256.FusedMultiplyAdd(x1, y, c12);
            y = Vector256.Load(b + (3 * Lanes));
            c03 = Vector256.FusedMultiplyAdd(x0, y, c03);
            c13 = Vector256.FusedMultiplyAdd(x1, y, c13);
            y = Vector256.Load(b + (4 * Lanes));
            c04 = Vector256.FusedMultiplyAdd(x0, y, c04);
            c14 = Vector256.FusedMultiplyAdd(x1, y, c14);
            y = Vector256.Load(b + (5 * Lanes));
            c05 = Vector256.FusedMultiplyAdd(x0, y, c05);
            c15 = Vector256.FusedMultiplyAdd(x1, y, c15);
            w += wStep;
            b += bStep;
        }

        Store<TFinish>(c, c00, c01, c02);
        Store<TFinish>(c + (3 * Lanes), c03, c04, c05);
        Store<TFinish>(c += cStep, c10, c11, c12);
        Store<TFinish>(c + (3 * Lanes), c13, c14, c15);
    }

    /// <summary>One unit × 48 elements; the parameters are those of <see cref="Rows4"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TFinish>(float* w, nint wStep, float* bias, float* b, nint bStep, float* c, int depth)
        where TFinish : struct, ITileFinish
    {
        var c0 = Vector256.Create(bias[0]);
        Vector256<float> c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
        for (; depth > 0; depth--)
        {
            var x = Vector256.Create(*w);
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + Lanes), c1);
            c2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + (2 * Lanes)), c2);
            c3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + (3 * Lanes)), c3);
            c4 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + (4 * Lanes)), c4);
            c5 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + (5 * Lanes)), c5);
            w += wStep;
            b += bStep;
        }

        Store<TFinish>(c, c0, c1, c2);
        Store<TFinish>(c + (3 * Lanes), c3, c4, c5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFinish>(float* c, Vector256<float> s0, Vector256<float> s1, Vector256<float> s2)
        where TFinish : struct, ITileFinish
    {
        TFinish.Apply(s0, c).Store(c);
        TFinish.Apply(s1, c).Store(c + Lanes);
        TFinish.Apply(s2, c).Store(c + (2 * Lanes));
    }
}
