using Involute.Tasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Torch.Optimizers;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Optimizers;

/// <summary>
/// The forms for tensors against the SIMD optimizers: the same gradients, another theta for each lane.
/// </summary>
public sealed class StackedOptimizerTests
{
    private const int Lanes = 3;
    private const int Steps = 25;

    // Of the way gone in all steps.
    private const double Tolerance = 1e-5;

    // Ranks 0 to 4, equal sizes, the largest dimension before and behind the second largest, no multiple of 16.
    private static readonly IReadOnlyList<TensorSlice> Tensors = ThetaLayout.LayOut(
        [("scalar", []), ("w", [5, 7]), ("b", [7]), ("square", [4, 4]), ("tall", [9, 2]), ("kernel", [6, 2, 3, 3])]);

    private static readonly int Count = Tensors[^1].Offset + Tensors[^1].Length;

    public static TheoryData<string, ScalarType> Optimizers()
    {
        var table = new TheoryData<string, ScalarType>();
        foreach (var name in StackedOptimizers.Names.Split(", "))
        {
            table.Add(name, ScalarType.Float32);
            table.Add(name, ScalarType.Float64);
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Parameters_and_state_go_as_by_the_kernels(string name, ScalarType type) => Compare(name, type, from: 0);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void They_go_on_from_a_state_of_the_kernels(string name, ScalarType type) => Compare(name, type, Steps / 2);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_poisoned_lane_changes_no_bit_of_another(string name, ScalarType type)
    {
        TorchRequired.OrSkip();
        var kernels = new Kernels(name);
        var (calm, wild) = (new Stacked(kernels, type), new Stacked(kernels, type));
        for (var step = 0; step < 5; step++)
        {
            var gradients = Gradients(step);
            calm.Step(gradients);
            gradients[1][step] = step == 0 ? float.NaN : float.PositiveInfinity;
            wild.Step(gradients);
        }

        for (var lane = 0; lane < Lanes; lane += 2)
        {
            Assert.Equal(calm.Bytes(lane), wild.Bytes(lane));
        }

        Assert.Contains(wild.Parameters(1), double.IsNaN);
    }

    [Fact]
    public void Other_optimizers_have_no_form()
    {
        Assert.Null(StackedOptimizers.Of(new LearnableRmsProp(), Tensors));
        Assert.Null(StackedOptimizers.Of(new LearnableNesterov(), Tensors));
    }

    private static void Compare(string name, ScalarType type, int from)
    {
        TorchRequired.OrSkip();
        var theirs = new Kernels(name);
        Stacked? ours = null;
        for (var step = 0; step < Steps; step++)
        {
            var gradients = Gradients(step);
            ours = step == from ? new Stacked(theirs, type) : ours;
            theirs.Step(gradients);
            ours?.Step(gradients);
        }

        theirs.AssertNear(ours!, Tolerance);
    }

    private static float[][] Gradients(int step) =>
    [
        .. Enumerable.Range(0, Lanes).Select(lane =>
        {
            var gradient = new float[AlignedBuffer.Padded(Count)];
            new TrajectoryKey(3, lane, 0).At(step).Stream(RandomStream.InnerNoise)
                .FillNormal(gradient.AsSpan(0, Count), 0.1 * (lane + 1));
            return gradient;
        }),
    ];

    private static ILearnedOptimizer Of(string name) => name switch
    {
        "sgd" => new LearnableSgd(0.05),
        "sgdm" => new LearnableSgdm(0.05, 0.8),
        "adam" => new LearnableAdam(0.02, 0.8, 0.97, 1e-5),
        "mlp" => new MlpOptimizer(hiddenSize: 9, stepMultiplier: 0.03, exponentMultiplier: 0.2),
        "adafac-mlp" => new AdafacMlpOptimizer(stepMultiplier: 0.03, exponentMultiplier: 0.2),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such optimizer"),
    };

    /// <summary>Lanes that the SIMD optimizer updates.</summary>
    private sealed class Kernels
    {
        private readonly float[][] _start;

        public Kernels(string name)
        {
            Optimizer = Of(name);
            var states = AlignedBuffer.Padded(Optimizer.StateLength(Tensors));
            Thetas = [.. Enumerable.Range(0, Lanes).Select(_ => new float[Optimizer.Layout.Length])];
            Parameters = Gradients(1000);
            States = [.. Thetas.Select(_ => new float[states])];
            for (var lane = 0; lane < Lanes; lane++)
            {
                // Networks of another seed, rates that differ by a tenth.
                Optimizer.InitialTheta(lane, Thetas[lane]);
                Thetas[lane][0] += 0.1f * lane;
                Optimizer.Initialise(Tensors, Steps, States[lane]);
            }

            _start = [.. Parameters.Select(parameters => parameters.ToArray())];
        }

        public ILearnedOptimizer Optimizer { get; }

        public float[][] Thetas { get; }

        public float[][] Parameters { get; }

        public float[][] States { get; }

        public void Step(float[][] gradients)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                Optimizer.Update(Thetas[lane], Tensors, Parameters[lane], States[lane], gradients[lane]);
            }
        }

        public void AssertNear(Stacked other, double tolerance)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var way = Norm(Parameters[lane].Zip(_start[lane], (now, then) => (double)now - then));
                Assert.True(way > 0.1, $"lane {lane} has gone {way}");
                var apart = Norm(Parameters[lane].Zip(other.Parameters(lane), (a, b) => a - b));
                Assert.InRange(apart, 0, tolerance * way);
                var state = other.State(lane);
                Assert.Equal(States[lane].Length, state.Length);
                foreach (var (expected, actual) in States[lane].Zip(state))
                {
                    Assert.Equal(expected, actual, (tolerance * Math.Abs(expected)) + 1e-7);
                }
            }
        }

        private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
    }

    /// <summary>The same lanes as tensors, from where the kernels stand.</summary>
    private sealed class Stacked
    {
        private readonly IStackedOptimizer _optimizer;
        private readonly ScalarType _type;
        private readonly Tensor _theta;
        private Tensor _parameters;
        private Tensor _state;

        public Stacked(Kernels kernels, ScalarType type)
        {
            _optimizer = StackedOptimizers.Of(kernels.Optimizer, Tensors)!;
            _type = type;
            _theta = Of(kernels.Thetas);
            _parameters = Of(kernels.Parameters, Count);
            _state = Of(kernels.States);
        }

        public void Step(float[][] gradients)
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            var (parameters, state) = _optimizer.Step(_theta, _parameters, _state, Of(gradients, Count));
            (_parameters, _state) = (parameters.MoveToOuterDisposeScope(), state.MoveToOuterDisposeScope());
        }

        public double[] Parameters(int lane) => Values(_parameters[lane]);

        public double[] State(int lane) => Values(_state[lane]);

        public byte[] Bytes(int lane) =>
            [.. _parameters[lane].contiguous().bytes, .. _state[lane].contiguous().bytes];

        private static double[] Values(Tensor tensor) =>
            tensor.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();

        private Tensor Of(float[][] rows, int? length = null)
        {
            var width = length ?? rows[0].Length;
            return tensor(rows.SelectMany(row => row[..width]).ToArray()).view(rows.Length, width).to_type(_type);
        }
    }
}
