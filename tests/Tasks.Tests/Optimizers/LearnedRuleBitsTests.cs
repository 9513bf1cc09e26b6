using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Numerics;
using Xunit;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Learned optimizers have the bits of <see cref="ScalarRule"/>, for any tensors, networks and numbers.</summary>
public sealed class LearnedRuleBitsTests
{
    private const float Guard = 12345;

    private static readonly int[][] Perceptron = [[64, 32], [32], [32, 10], [10]];

    private static readonly int[][] Odd =
    [
        [], [1], [5], [3, 7], [7, 3], [4, 4], [1, 6], [2, 3, 4], [4, 2, 3], [3, 5, 3], [2, 1, 3, 2], [130], [33, 9],
        [9, 40], [16, 48], [2, 24, 16], [96], [95], [97], [5, 3, 3, 6], [64, 16], [16, 128], [1, 1], [6, 1], [2, 19, 2],
        [12, 10], [10, 12], [5, 31], [40, 17], [20, 15], [2, 16], [1, 16], [16, 1], [9, 8], [30, 4], [3, 100], [1, 20], [21, 48], [2, 11],
        [9, 8, 3, 3], [3, 300], [2, 3, 200], [700, 1],
    ];

    public static TheoryData<string, int, int> Networks => new()
    {
        { "mlp", 32, 2 }, { "mlp", 1, 1 }, { "mlp", 5, 0 }, { "mlp", 7, 3 }, { "mlp", 18, 2 }, { "mlp", 3, 1 },
        { "adafac-mlp", 4, 2 }, { "adafac-mlp", 1, 1 }, { "adafac-mlp", 4, 0 }, { "adafac-mlp", 6, 3 },
        { "adafac-mlp", 32, 2 }, { "adafac-mlp", 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Bits_are_those_of_one_element_after_the_other(string name, int hiddenSize, int hiddenLayers)
    {
        AssertSameBits(name, hiddenSize, hiddenLayers, 4, Odd);
        AssertSameBits(name, hiddenSize, hiddenLayers, 3, Perceptron);
        for (var length = 1; length < 20; length++)
        {
            AssertSameBits(name, hiddenSize, hiddenLayers, 1, [3], [length]);
            AssertSameBits(name, hiddenSize, hiddenLayers, 1, [length, 5 + length]);
        }
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("adafac-mlp")]
    public void Shapes_at_random(string name)
    {
        for (var round = 0; round < 20; round++)
        {
            var random = new CounterStream(11, (uint)round, 0, 0, RandomStream.InnerNoise);
            var used = 0u;
            int Next(int from, int to) => from + (int)(random.Uniform(used++) * (to - from));
            var shapes = Enumerable.Range(0, Next(1, 5))
                .Select(_ => Enumerable.Range(0, Next(0, 5)).Select(_ => Next(1, 9)).ToArray()).ToArray();
            AssertSameBits(name, name == "mlp" ? 32 : 4, 2, 2, shapes);
        }
    }

    [Theory]
    [InlineData("mlp", float.NaN)]
    [InlineData("mlp", float.PositiveInfinity)]
    [InlineData("mlp", 3e38f)]
    [InlineData("mlp", 1e-41f)]
    [InlineData("mlp", -0f)]
    [InlineData("adafac-mlp", float.NaN)]
    [InlineData("adafac-mlp", float.NegativeInfinity)]
    [InlineData("adafac-mlp", 3e38f)]
    [InlineData("adafac-mlp", 1e-41f)]
    [InlineData("adafac-mlp", -0f)]
    public void A_number_at_the_end_of_the_range_does_what_it_does_alone(string name, float value)
    {
        int[][] shapes = [[3], [32, 10], [9, 19], [3, 5, 3]];
        var of = shapes.Select(shape => shape.Aggregate(1, (a, b) => a * b)).ToArray();
        for (var tensor = 0; tensor < shapes.Length; tensor++)
        {
            var place = of[..tensor].Sum() + (of[tensor] / 2);
            AssertSameBits(name, name == "mlp" ? 32 : 4, 2, 3, shapes, gradient => gradient[place] = value);
        }
    }

    // Momenta of any magnitude below 2, half of them subnormal, gradients that are mostly 0; and the first weights of the
    // network: as they are; one too small for a lift; only those of momenta, so that nothing hides what a tiny feature does.
    [Theory]
    [InlineData("mlp", 32, 2, 1f)]
    [InlineData("mlp", 32, 2, 1e-19f)]
    [InlineData("mlp", 32, 2, 0f)]
    [InlineData("mlp", 7, 3, 1f)]
    [InlineData("mlp", 5, 0, 0f)]
    [InlineData("mlp", 5, 0, 1e30f)]
    [InlineData("adafac-mlp", 4, 2, 1f)]
    [InlineData("adafac-mlp", 4, 2, 0f)]
    [InlineData("adafac-mlp", 6, 1, 1f)]
    public void Tiny_momenta_do_what_they_do_alone(string name, int hiddenSize, int layers, float other)
    {
        int[][] shapes = [[3], [32, 10], [9, 19], [64, 16], [130]];
        var drawn = new DrawnFloats(3);
        AssertSameBits(
            name,
            hiddenSize,
            layers,
            12,
            shapes,
            gradient =>
            {
                for (var i = 0; i < gradient.Length; i++)
                {
                    gradient[i] = drawn.Once(50) ? drawn.OfAnyMagnitude() : 0;
                }
            },
            (layout, theta, parameters, state) =>
            {
                for (var i = 0; i < state.Length - AlignedBuffer.Unit; i++)
                {
                    state[i] = drawn.OfAnyMagnitude() * (drawn.Once(2) ? 1e-30f : 1);
                }

                if (other == 0)
                {
                    // No biases and no time; and elements' weights, [features × units], that no lift is possible for.
                    var first = layout.Slices.Single(slice => slice.Name == "w0");
                    var units = first.Shape[1];
                    var features = name == "mlp" ? 8 : 28;
                    theta.AsSpan(first.Offset + (features * units), 11 * units).Clear();
                    for (var i = 0; layers == 0 && i < features * units; i++)
                    {
                        theta[first.Offset + i] *= 1e-24f;
                    }

                    foreach (var biases in layout.Slices.Where(slice => slice.Name[0] == 'b'))
                    {
                        theta.AsSpan(biases.Offset, biases.Length).Clear();
                    }

                    parameters.AsSpan().Clear();
                }
                else
                {
                    theta[^1] *= other;
                    theta[hiddenSize] *= other;
                }
            });
    }

    private static void AssertSameBits(string name, int hiddenSize, int layers, int steps, params int[][] shapes) =>
        AssertSameBits(name, hiddenSize, layers, steps, shapes, _ => { });

    private static void AssertSameBits(
        string name,
        int hiddenSize,
        int layers,
        int steps,
        int[][] shapes,
        Action<float[]> change,
        Action<ThetaLayout, float[], float[], float[]>? begin = null)
    {
        ILearnedOptimizer optimizer = name == "mlp"
            ? new MlpOptimizer(hiddenSize, layers)
            : new AdafacMlpOptimizer(hiddenSize, layers);
        var tensors = ThetaLayout.LayOut([.. shapes.Select((shape, i) => ($"t{i}", shape))]).ToArray();
        ScalarRule scalar = name == "mlp"
            ? new ScalarMlpOptimizer(tensors, hiddenSize, layers)
            : new ScalarAdafacMlpOptimizer(tensors, hiddenSize, layers);
        var length = tensors[^1].Offset + tensors[^1].Length;
        var slot = AlignedBuffer.Padded(length);
        var theta = Normals(optimizer.Layout.Length, 0, 0.1);
        var (parameters, gradient) = (new float[slot], new float[slot]);
        var state = new float[AlignedBuffer.Padded(optimizer.StateLength(tensors))];
        Normals(length, 1, 1).CopyTo(parameters, 0);
        begin?.Invoke(optimizer.Layout, theta, parameters, state);
        using var guarded = new GuardedLane(parameters, gradient, state, Guard);
        for (var step = 0; step < steps; step++)
        {
            Normals(length, 2 + step, 0.1).CopyTo(gradient, 0);
            change(gradient);
            guarded.Set(gradient);
            optimizer.Update(theta, tensors, guarded.Parameters, guarded.State, guarded.Gradient);
            scalar.Update(theta, parameters, state, gradient);
            var what = $"{name} {hiddenSize} {layers} [{string.Join("][", shapes.Select(s => string.Join(',', s)))}] {step}";
            AssertSame(parameters, guarded.Parameters, what);
            AssertSame(state, guarded.State, what);
            guarded.AssertUntouched();
        }
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(FloatBits.Of(expected[i]) == FloatBits.Of(actual[i]), $"{what}: {expected[i]:R} and {actual[i]:R} at {i}");
        }
    }

    private static float[] Normals(int length, int step, double scale)
    {
        var values = new float[length];
        new TrajectoryKey(5, step, 0).Stream(RandomStream.InnerNoise).FillNormal(values, scale);
        return values;
    }

    /// <summary>A lane in three pieces of memory, with numbers around each that no update may touch.</summary>
    private sealed class GuardedLane : IDisposable
    {
        private const int Margin = 64;

        private readonly float _guard;
        private readonly AlignedBuffer[] _buffers = new AlignedBuffer[3];

        public GuardedLane(float[] parameters, float[] gradient, float[] state, float guard)
        {
            _guard = guard;
            float[][] values = [parameters, gradient, state];
            for (var i = 0; i < 3; i++)
            {
                _buffers[i] = new AlignedBuffer(values[i].Length + (2 * Margin));
                _buffers[i].Span.Fill(guard);
                values[i].CopyTo(Inside(i));
            }
        }

        public Span<float> Parameters => Inside(0);

        public Span<float> Gradient => Inside(1);

        public Span<float> State => Inside(2);

        public void Set(float[] gradient) => gradient.CopyTo(Gradient);

        public void AssertUntouched()
        {
            foreach (var buffer in _buffers)
            {
                Assert.True(buffer.Span[..Margin].IndexOfAnyExcept(_guard) < 0);
                Assert.True(buffer.Span[^Margin..].IndexOfAnyExcept(_guard) < 0);
            }
        }

        public void Dispose()
        {
            foreach (var buffer in _buffers)
            {
                buffer.Dispose();
            }
        }

        private Span<float> Inside(int i) => _buffers[i].Span[Margin..^Margin];
    }
}
