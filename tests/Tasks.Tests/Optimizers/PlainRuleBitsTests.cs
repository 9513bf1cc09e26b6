using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Tests.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Kernels leave out what subnormal moments do to a weight; their bits are those of the formula, one by one.</summary>
public sealed class PlainRuleBitsTests
{
    private const int Length = 4096;

    // One element: its parameter, its moments, its gradient.
    private delegate void Rule(ref float p, ref float m, ref float v, float g);

    public static TheoryData<float, float, float, float, float> AdamCases => new()
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

    // log lr and log (1 − decay): usual ones, tiny and huge ones, decays near 1, 0, below 0, and infinite.
    public static TheoryData<string, float, float> DecayCases
    {
        get
        {
            var cases = new TheoryData<string, float, float>();
            foreach (var name in new[] { "sgdm", "nesterov", "rmsprop" })
            {
                foreach (var (logRate, logDecay) in new[] { (-4.6f, -2.3f), (-6.9f, -0.5f), (-80f, -2.3f), (60f, -2.3f), (87f, -1f), (-4.6f, -9f), (-4.6f, -20f), (-4.6f, 0f), (-4.6f, 0.3f), (-4.6f, 1.5f), (-4.6f, 200f) })
                {
                    cases.Add(name, logRate, logDecay);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(AdamCases))]
    public void Adam_has_the_bits_of_the_formula(float step, float rate1, float rate2, float epsilon, float root)
    {
        var scales = new AdamScales(step, rate1, rate2, 1.25f, epsilon, root);
        Check(
            (p, m, v, g) => OptimizerKernels.Adam(p, m, v, g, scales),
            (ref float p, ref float m, ref float v, float g) =>
            {
                m = MathF.FusedMultiplyAdd(g - m, rate1, m);
                v = MathF.FusedMultiplyAdd((g * g) - v, rate2, v);
                p -= step * m / (MathF.Sqrt(MathF.FusedMultiplyAdd(v, 1.25f, root)) + epsilon);
            });
    }

    [Theory]
    [MemberData(nameof(DecayCases))]
    public void Rules_with_a_decay_have_the_bits_of_the_formula(string name, float logRate, float logDecay)
    {
        var rate = (float)PortableMath.Exp(logRate);
        var rest = (float)PortableMath.Exp(logDecay);
        var kept = (float)(1 - PortableMath.Exp(logDecay));
        var (optimizer, rule) = name switch
        {
            "sgdm" => ((ILearnedOptimizer)new LearnableSgdm(), (Rule)((ref float p, ref float m, ref float v, float g) =>
            {
                m = MathF.FusedMultiplyAdd(m, kept, g);
                p = MathF.FusedMultiplyAdd(m, -rate, p);
            })),
            "nesterov" => (new LearnableNesterov(), (ref float p, ref float m, ref float v, float g) =>
            {
                m = MathF.FusedMultiplyAdd(m, kept, g);
                p = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(m, kept, g), -rate, p);
            }
            ),
            _ => (new LearnableRmsProp(), (ref float p, ref float m, ref float v, float g) =>
            {
                m = MathF.FusedMultiplyAdd((g * g) - m, rest, m);
                p -= rate * g / (MathF.Sqrt(m) + LearnableRmsProp.Epsilon);
            }
            ),
        };
        TensorSlice[] tensors = [new("t", 0, [Length])];
        Check((p, m, v, g) => optimizer.Update([logRate, logDecay], tensors, p, m, g), rule);
    }

    private static void Check(Action<float[], float[], float[], float[]> update, Rule one)
    {
        var drawn = new DrawnFloats(7);
        var (p, m, v, g) = (new float[Length], new float[Length], new float[Length], new float[Length]);
        for (var i = 0; i < Length; i++)
        {
            // A weight in eight is near 0 or 0; half the moments are subnormal, or were before some steps without gradient.
            p[i] = drawn.Once(8) ? (drawn.Once(2) ? 0 : drawn.OfAnyMagnitude()) : drawn.Uniform() - 0.5f;
            m[i] = drawn.Once(2) ? drawn.OfAnyMagnitude() : 1e-4f * drawn.Uniform();
            v[i] = drawn.Once(4) ? MathF.Abs(drawn.OfAnyMagnitude()) : 1e-6f * drawn.Uniform();
        }

        for (var step = 0; step < 40; step++)
        {
            for (var i = 0; i < Length; i++)
            {
                g[i] = !drawn.Once(4) ? 0 : drawn.Once(4) ? drawn.OfAnyMagnitude() : drawn.Uniform() - 0.5f;
            }

            var (expectedP, expectedM, expectedV) = ((float[])p.Clone(), (float[])m.Clone(), (float[])v.Clone());
            for (var i = 0; i < Length; i++)
            {
                one(ref expectedP[i], ref expectedM[i], ref expectedV[i], g[i]);
            }

            update(p, m, v, g);
            for (var i = 0; i < Length; i++)
            {
                var expected = (FloatBits.Of(expectedP[i]), FloatBits.Of(expectedM[i]), FloatBits.Of(expectedV[i]));
                Assert.True(
                    expected == (FloatBits.Of(p[i]), FloatBits.Of(m[i]), FloatBits.Of(v[i])),
                    $"step {step}, element {i}, gradient {g[i]}: {p[i]} {m[i]} {v[i]}, not {expectedP[i]} {expectedM[i]} {expectedV[i]}");
            }
        }
    }
}
