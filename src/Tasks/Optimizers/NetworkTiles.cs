using System.Runtime.CompilerServices;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Optimizers;

/// <summary>The tiles of <see cref="OptimizerNetwork"/>: units of a layer × three registers of elements.</summary>
/// <remarks>
/// <para>C[r, e] = finish(bias[r] + Σ_t w[t, r] · B[t, e]), each sum one chain of fused multiply-adds in the order of t.
/// Twelve registers of sums, three of B and one weight fill the sixteen of AVX2.</para>
/// <para>Each in a small method of its own: in a large one the compiler spills the sums to memory.</para>
/// </remarks>
internal static unsafe class NetworkTiles
{
    /// <summary>Elements of a tile.</summary>
    public static int Columns<TVector, TRegister>()
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct => 3 * TVector.Count;

    /// <summary>Fours of units, one behind the other.</summary>
    /// <param name="tiles">Number of fours.</param>
    /// <param name="w">Weights of the first unit, [depth × wStep]; the other units' stand behind each.</param>
    /// <param name="wStep">Floats from the weights of one input to those of the next.</param>
    /// <param name="bias">Of each unit.</param>
    /// <param name="b">Inputs, [depth × bStep].</param>
    /// <param name="bStep">Floats from one input to the next.</param>
    /// <param name="c">Outputs, [units × cStep].</param>
    /// <param name="cStep">Floats from one unit's outputs to the next.</param>
    /// <param name="depth">Number of inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TVector, TRegister, TFinish>(
        int tiles, float* w, nint wStep, float* bias, float* b, nint bStep, float* c, nint cStep, int depth)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        nint wStep2 = 2 * wStep, wStep3 = 3 * wStep, bStep2 = 2 * bStep, bStep3 = 3 * bStep;
        for (; tiles > 0; tiles--, w += 4, bias += 4, c += cStep)
        {
            var c00 = TVector.Broadcast(bias[0]);
            var c10 = TVector.Broadcast(bias[1]);
            var c20 = TVector.Broadcast(bias[2]);
            var c30 = TVector.Broadcast(bias[3]);
            TRegister c01 = c00, c11 = c10, c21 = c20, c31 = c30, c02 = c00, c12 = c10, c22 = c20, c32 = c30;
            TRegister b0, b1, b2;
            float* weight = w, row = b;
            var t = depth;

            // Four terms at a time share what the loop costs.
            for (; t >= 4; t -= 4)
            {
                b0 = TVector.Load(row);
                b1 = TVector.Load(row + TVector.Count);
                b2 = TVector.Load(row + (2 * TVector.Count));
                Unit<TVector, TRegister>(weight[0], b0, b1, b2, ref c00, ref c01, ref c02);
                Unit<TVector, TRegister>(weight[1], b0, b1, b2, ref c10, ref c11, ref c12);
                Unit<TVector, TRegister>(weight[2], b0, b1, b2, ref c20, ref c21, ref c22);
                Unit<TVector, TRegister>(weight[3], b0, b1, b2, ref c30, ref c31, ref c32);

                b0 = TVector.Load(row + bStep);
                b1 = TVector.Load(row + bStep + TVector.Count);
                b2 = TVector.Load(row + bStep + (2 * TVector.Count));
                Unit<TVector, TRegister>(weight[wStep], b0, b1, b2, ref c00, ref c01, ref c02);
                Unit<TVector, TRegister>(weight[wStep + 1], b0, b1, b2, ref c10, ref c11, ref c12);
                Unit<TVector, TRegister>(weight[wStep + 2], b0, b1, b2, ref c20, ref c21, ref c22);
                Unit<TVector, TRegister>(weight[wStep + 3], b0, b1, b2, ref c30, ref c31, ref c32);

                b0 = TVector.Load(row + bStep2);
                b1 = TVector.Load(row + bStep2 + TVector.Count);
                b2 = TVector.Load(row + bStep2 + (2 * TVector.Count));
                Unit<TVector, TRegister>(weight[wStep2], b0, b1, b2, ref c00, ref c01, ref c02);
                Unit<TVector, TRegister>(weight[wStep2 + 1], b0, b1, b2, ref c10, ref c11, ref c12);
                Unit<TVector, TRegister>(weight[wStep2 + 2], b0, b1, b2, ref c20, ref c21, ref c22);
                Unit<TVector, TRegister>(weight[wStep2 + 3], b0, b1, b2, ref c30, ref c31, ref c32);

                b0 = TVector.Load(row + bStep3);
                b1 = TVector.Load(row + bStep3 + TVector.Count);
                b2 = TVector.Load(row + bStep3 + (2 * TVector.Count));
                Unit<TVector, TRegister>(weight[wStep3], b0, b1, b2, ref c00, ref c01, ref c02);
                Unit<TVector, TRegister>(weight[wStep3 + 1], b0, b1, b2, ref c10, ref c11, ref c12);
                Unit<TVector, TRegister>(weight[wStep3 + 2], b0, b1, b2, ref c20, ref c21, ref c22);
                Unit<TVector, TRegister>(weight[wStep3 + 3], b0, b1, b2, ref c30, ref c31, ref c32);
                weight += 4 * wStep;
                row += 4 * bStep;
            }

            for (; t > 0; t--)
            {
                b0 = TVector.Load(row);
                b1 = TVector.Load(row + TVector.Count);
                b2 = TVector.Load(row + (2 * TVector.Count));
                Unit<TVector, TRegister>(weight[0], b0, b1, b2, ref c00, ref c01, ref c02);
                Unit<TVector, TRegister>(weight[1], b0, b1, b2, ref c10, ref c11, ref c12);
                Unit<TVector, TRegister>(weight[2], b0, b1, b2, ref c20, ref c21, ref c22);
                Unit<TVector, TRegister>(weight[3], b0, b1, b2, ref c30, ref c31, ref c32);
                weight += wStep;
                row += bStep;
            }

            Store<TVector, TRegister, TFinish>(c, c00, c01, c02);
            Store<TVector, TRegister, TFinish>(c += cStep, c10, c11, c12);
            Store<TVector, TRegister, TFinish>(c += cStep, c20, c21, c22);
            Store<TVector, TRegister, TFinish>(c += cStep, c30, c31, c32);
        }
    }

    /// <summary>Two units; the parameters are those of <see cref="Rows4"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<TVector, TRegister, TFinish>(
        float* w, nint wStep, float* bias, float* b, nint bStep, float* c, nint cStep, int depth)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        var c00 = TVector.Broadcast(bias[0]);
        var c10 = TVector.Broadcast(bias[1]);
        TRegister c01 = c00, c02 = c00, c11 = c10, c12 = c10;
        for (; depth > 0; depth--)
        {
            var b0 = TVector.Load(b);
            var b1 = TVector.Load(b + TVector.Count);
            var b2 = TVector.Load(b + (2 * TVector.Count));
            Unit<TVector, TRegister>(w[0], b0, b1, b2, ref c00, ref c01, ref c02);
            Unit<TVector, TRegister>(w[1], b0, b1, b2, ref c10, ref c11, ref c12);
            w += wStep;
            b += bStep;
        }

        Store<TVector, TRegister, TFinish>(c, c00, c01, c02);
        Store<TVector, TRegister, TFinish>(c + cStep, c10, c11, c12);
    }

    /// <summary>One unit; the parameters are those of <see cref="Rows4"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TVector, TRegister, TFinish>(
        float* w, nint wStep, float* bias, float* b, nint bStep, float* c, int depth)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        var c0 = TVector.Broadcast(bias[0]);
        TRegister c1 = c0, c2 = c0;
        for (; depth > 0; depth--)
        {
            var x = TVector.Broadcast(*w);
            c0 = TVector.FusedMultiplyAdd(x, TVector.Load(b), c0);
            c1 = TVector.FusedMultiplyAdd(x, TVector.Load(b + TVector.Count), c1);
            c2 = TVector.FusedMultiplyAdd(x, TVector.Load(b + (2 * TVector.Count)), c2);
            w += wStep;
            b += bStep;
        }

        Store<TVector, TRegister, TFinish>(c, c0, c1, c2);
    }

    // The sums of one unit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unit<TVector, TRegister>(
        float weight, TRegister b0, TRegister b1, TRegister b2, ref TRegister c0, ref TRegister c1, ref TRegister c2)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
    {
        var x = TVector.Broadcast(weight);
        c0 = TVector.FusedMultiplyAdd(x, b0, c0);
        c1 = TVector.FusedMultiplyAdd(x, b1, c1);
        c2 = TVector.FusedMultiplyAdd(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TRegister, TFinish>(float* c, TRegister s0, TRegister s1, TRegister s2)
        where TVector : struct, ITileVector<TRegister>
        where TRegister : struct
        where TFinish : struct, ILayerFinish
    {
        TVector.Store(TFinish.Apply<TVector, TRegister>(s0, c), c);
        TVector.Store(TFinish.Apply<TVector, TRegister>(s1, c), c + TVector.Count);
        TVector.Store(TFinish.Apply<TVector, TRegister>(s2, c), c + (2 * TVector.Count));
    }
}
