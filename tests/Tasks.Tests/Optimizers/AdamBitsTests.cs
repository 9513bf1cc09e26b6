using Involute.Tasks.Optimizers;
using Involute.Tasks.Tests.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>The kernel leaves out what subnormal moments do to a weight; its bits are those of the formula, one by one.</summary>
public sealed class AdamBitsTests
{
    private const int Length = 4096;

    public static TheoryData<float, float, float, float, float> Cases => new()
    {
        { 1e-3f, 0.1f, 1e-3f, 1e-8f, 1e-8f },
        { 3e-2f, 0.163f, 2e-3f, 1e-9f, 1e-8f },
        { 1e-3f, 0.5f, 0.4f, 0, 1e-8f },
        { 1e25f, 0.1f, 1e-3f, 1e-8f, 1e-8f },
        { 1e38f, 0.01f, 1e-3f, 1e-8f, 1e-8f },
        { -1e-3f, 0.999f, 1e-3f, 1e-8f, 1e-8f },
        { 1e-30f, 0.1f, 0.1f, 1e-30f, 0 },
        { 1e-3f, 1, 1, 1e-8f, 0 },
        { 1e-3f, 1.5f, 1.2f, -0.1f, 1e-8f },
        { float.NaN, 0.1f, 1e-3f, 1e-8f, 1e-8f },
        { float.PositiveInfinity, 0.1f, 1e-3f, 1e-8f, 1e-8f },
        { 1e-3f, float.NaN, 1e-3f, float.NaN, 1e-8f },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Updates_have_the_bits_of_the_formula(float step, float rate1, float rate2, float epsilon, float root)
    {
        var scales = new AdamScales(step, rate1, rate2, 1.25f, epsilon, root);
        var drawn = new DrawnFloats(7);
        var (p, m, v, g) = (new float[Length], new float[Length], new float[Length], new float[Length]);
        for (var i = 0; i < Length; i++)
        {
            // A weight in eight is near 0 or 0; half the moments are subnormal, or were before some steps without gradient.
            p[i] = drawn.Once(8) ? (drawn.Once(2) ? 0 : drawn.OfAnyMagnitude()) : drawn.Uniform() - 0.5f;
            m[i] = drawn.Once(2) ? drawn.OfAnyMagnitude() : 1e-4f * drawn.Uniform();
            v[i] = drawn.Once(4) ? MathF.Abs(drawn.OfAnyMagnitude()) : 1e-6f * drawn.Uniform();
        }

        for (var update = 0; update < 40; update++)
        {
            for (var i = 0; i < Length; i++)
            {
                g[i] = !drawn.Once(4) ? 0 : drawn.Once(4) ? drawn.OfAnyMagnitude() : drawn.Uniform() - 0.5f;
            }

            var (expectedP, expectedM, expectedV) = ((float[])p.Clone(), (float[])m.Clone(), (float[])v.Clone());
            for (var i = 0; i < Length; i++)
            {
                One(ref expectedP[i], ref expectedM[i], ref expectedV[i], g[i], scales);
            }

            OptimizerKernels.Adam(p, m, v, g, scales);
            for (var i = 0; i < Length; i++)
            {
                var expected = (Bits(expectedP[i]), Bits(expectedM[i]), Bits(expectedV[i]));
                Assert.True(
                    expected == (Bits(p[i]), Bits(m[i]), Bits(v[i])),
                    $"update {update}, element {i}, gradient {g[i]}: {p[i]} {m[i]} {v[i]}, not {expectedP[i]} {expectedM[i]} {expectedV[i]}");
            }
        }
    }

    private static void One(ref float p, ref float m, ref float v, float g, AdamScales scales)
    {
        m = MathF.FusedMultiplyAdd(g - m, scales.Rate1, m);
        v = MathF.FusedMultiplyAdd((g * g) - v, scales.Rate2, v);
        var denominator =
            MathF.Sqrt(MathF.FusedMultiplyAdd(v, scales.InverseCorrection2, scales.EpsilonRoot)) + scales.Epsilon;
        p -= scales.Step * m / denominator;
    }

    // All NaN are one: which of two operands' payload a sum has is the compiler's choice.
    private static int Bits(float x) => float.IsNaN(x) ? int.MaxValue : BitConverter.SingleToInt32Bits(x);
}
