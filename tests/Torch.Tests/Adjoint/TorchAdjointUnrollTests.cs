using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Adjoint;
using Involute.Torch.Optimizers;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks;
using Xunit;

namespace Involute.Torch.Tests.Adjoint;

public sealed class TorchAdjointUnrollTests
{
    private const int Pairs = 3;
    private const int Steps = 6;

    [Theory]
    [InlineData("mlp", ArmSet.CentreOnly)]
    [InlineData("mlp", ArmSet.AntitheticAndCentre)]
    [InlineData("conv", ArmSet.AntitheticAndCentre)]
    public void Forwards_it_goes_with_the_bits_of_the_tasks_own_unroll(string task, ArmSet arms)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task);
        using var plain = problem.CreateUnroll(Pairs, arms);
        using var adjoint = problem.CreateAdjointUnroll(Pairs, arms);
        Assert.Equal(plain.StateBytesPerPair, adjoint.StateBytesPerPair);
        Assert.Equal(Run(problem, plain, [6, 4, 5]), Run(problem, adjoint, [6, 4, 5]));
        Assert.Equal(Saved(plain), Saved(adjoint));
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("conv")]
    public void Pairs_side_by_side_have_the_derivatives_of_pairs_alone(string task)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task);
        int[] steps = [6, 4, 5];
        using var together = problem.CreateAdjointUnroll(Pairs, ArmSet.CentreOnly);
        Run(problem, together, steps);
        var all = Differentiate(problem, together, steps);
        for (var pair = 0; pair < Pairs; pair++)
        {
            using var one = problem.CreateAdjointUnroll(Pairs, ArmSet.CentreOnly);
            int[] only = [.. steps.Select((count, i) => i == pair ? count : 0)];
            Run(problem, one, only);
            Near(Differentiate(problem, one, only)[pair], all[pair], 1e-4);
        }
    }

    /// <summary>One unroll makes one graph of its second window; the other, which was loaded, goes step by step.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("conv")]
    [InlineData("quadratic")]
    public void A_window_by_one_graph_after_save_and_load_has_the_bits_of_one_step_by_step(string task)
    {
        TorchRequired.OrSkip();
        var problem = Problem(task);
        using var whole = WholeGraphs(problem);
        using var other = StepByStep(problem);
        int[] steps = [6, 6, 6];
        int[] uneven = [6, 4, 5];
        Run(problem, whole, steps);
        Differentiate(problem, whole, steps);
        var bytes = new byte[whole.StateBytesPerPair];
        for (var pair = 0; pair < Pairs; pair++)
        {
            whole.Save(pair, bytes);
            other.Load(pair, bytes);
        }

        Assert.Equal(Run(problem, whole, uneven, first: 6), Run(problem, other, uneven, first: 6));
        Assert.Equal(Differentiate(problem, whole, uneven, first: 6), Differentiate(problem, other, uneven, first: 6));
    }

    /// <summary>g² overflows, and Adam's second moment with it, while parameter and loss are finite.</summary>
    [Fact]
    public void Where_a_state_becomes_infinite_both_ways_have_the_same_number()
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(new QuadraticTask(1), new LearnableAdam(0.01)) { Derivative = new TorchDerivative() };
        using var whole = WholeGraphs(problem);
        using var other = StepByStep(problem);
        int[] steps = [6, 6, 6];
        Run(problem, whole, steps);
        Differentiate(problem, whole, steps);
        var bytes = new byte[whole.StateBytesPerPair];
        for (var pair = 0; pair < Pairs; pair++)
        {
            whole.Save(pair, bytes);
            if (pair == 0)
            {
                Assert.True(BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(int)), 1e19f));
            }

            whole.Load(pair, bytes);
            other.Load(pair, bytes);
        }

        int[] two = [2, 2, 2];
        var losses = Run(problem, whole, two, first: 6);
        Assert.Equal(losses, Run(problem, other, two, first: 6));
        Assert.False(losses[1].Diverged);
        var slopes = Differentiate(problem, other, two, first: 6);
        Assert.All(slopes, slope => Assert.All(slope, element => Assert.True(double.IsFinite(element))));
        Assert.NotEqual(0, slopes[1][0]);
        Assert.Equal(slopes, Differentiate(problem, whole, two, first: 6));
    }

    /// <summary>Its losses are the ceiling, a constant; the derivative is that of the losses before.</summary>
    [Fact]
    public void A_lane_that_diverges_has_the_derivative_of_its_steps_before()
    {
        TorchRequired.OrSkip();
        var problem = Problem("quadratic");
        var theta = new float[] { 9f };
        using var unroll = problem.CreateAdjointUnroll(1, ArmSet.CentreOnly);
        var losses = new StepLoss[40];
        var thetas = new ArmThetas<float>(theta, 1, 1);
        unroll.Reset(0, new Trajectory(Key(0), 100), thetas);
        var segment = new Segment(0, Key(0), 0, losses.Length, LossTime.BeforeUpdate, 0);
        unroll.Advance([segment], thetas, losses);
        Assert.True(losses[^1].Diverged);
        Assert.False(losses[2].Diverged);

        // A loss that diverges has a derivative that leaves float's range, in double: ℓ = (1 − 2 lr)²ᵗ ℓ₀.
        var sums = new double[1];
        unroll.Differentiate([new LossTerm(segment with { Steps = 3 }, 0, 1, 0)], sums);
        var (rate, first) = (PortableMath.Exp(9), losses[0].Loss);
        var factor = 1 - (2 * rate);
        var expected = first * -2 * rate * ((2 * factor) + (4 * factor * factor * factor));
        Assert.Equal(expected, sums[0], 1e-5 * Math.Abs(expected));
    }

    [Fact]
    public void What_it_does_not_differentiate_it_refuses_and_says_what_is_allowed()
    {
        var derivative = new TorchDerivative();
        var mlp = new QuadraticTask();
        Assert.Null(derivative.Refusal(mlp, new LearnableAdam()));
        Assert.Equal("sgd, sgdm, adam, mlp, adafac-mlp", derivative.Refusal(mlp, new LearnableRmsProp())!.Value.Allowed);
        var (problem, allowed) = derivative.Refusal(new OtherTask(), new LearnableAdam())!.Value;
        Assert.Contains("other-task", problem, StringComparison.Ordinal);
        Assert.Contains("image-mlp", allowed, StringComparison.Ordinal);
        var refused = new OptimizedTask(new OtherTask(), new LearnableAdam()) { Derivative = derivative };
        Assert.False(refused.OffersAdjoints);
        Assert.Contains(
            "other-task",
            Assert.Throws<NotSupportedException>(() => refused.CreateAdjointUnroll(1, ArmSet.CentreOnly)).Message,
            StringComparison.Ordinal);
    }

    // Memory that grows by little with each question: every graph fits once steps were measured.
    private static TorchAdjointUnroll WholeGraphs(OptimizedTask problem)
    {
        var bytes = 0L;
        return Unroll(problem, () => bytes += 1024);
    }

    private static TorchAdjointUnroll StepByStep(OptimizedTask problem) => Unroll(problem, () => null);

    private static TorchAdjointUnroll Unroll(OptimizedTask problem, Func<long?> allocated)
    {
        TorchRuntime.Ensure();
        return new TorchAdjointUnroll(
            problem, TorchForms.Of(problem.Task), StackedOptimizers.Of(problem.Optimizer, problem.Task.Parameters)!, Pairs,
            ArmSet.CentreOnly, allocated);
    }

    private static OptimizedTask Problem(string task) => task switch
    {
        "mlp" => new(new ImageMlp("mlp", FashionMnist.Embedded8x8(), [7], 16), new LearnableAdam(0.01))
        {
            Derivative = new TorchDerivative(),
        },
        "conv" => new(TorchTasks.Of("conv"), new LearnableAdam(0.01)) { Derivative = new TorchDerivative() },
        _ => new(new QuadraticTask(2), new LearnableSgd()) { Derivative = new TorchDerivative() },
    };

    private static TrajectoryKey Key(int pair) => new(5, pair, 0);

    private static StepLoss[] Run(OptimizedTask problem, IUnroll<float> unroll, int[] steps, int first = 0)
    {
        var (arms, length) = (unroll.Arms.Count(), problem.Layout.Length);
        var values = new float[Pairs * arms * length];
        for (var lane = 0; lane < Pairs * arms; lane++)
        {
            problem.InitialTheta(1, values.AsSpan(lane * length, length));
            values[lane * length] += 0.1f * lane;
        }

        var thetas = new ArmThetas<float>(values, arms, length);
        for (var pair = 0; pair < Pairs && first == 0; pair++)
        {
            unroll.Reset(pair, new Trajectory(Key(pair), 100), thetas);
        }

        var losses = new StepLoss[Pairs * Steps * arms];
        unroll.Advance(
            [.. Segments(steps, first).Select(segment => segment with { LossOffset = segment.Pair * Steps * arms })],
            thetas, losses);
        return losses;
    }

    private static IEnumerable<Segment> Segments(int[] steps, int first) => steps
        .Select((count, pair) => new Segment(pair, Key(pair), first, count, LossTime.BeforeUpdate, 0))
        .Where(segment => segment.Steps > 0);

    private static double[][] Differentiate(
        OptimizedTask problem, IAdjointUnroll<float> unroll, int[] steps, int first = 0)
    {
        var sums = new double[Pairs * problem.Layout.Length];
        unroll.Differentiate(
            [.. Segments(steps, first).Select(segment => new LossTerm(segment, 1, 0.5, segment.Pair))], sums);
        return [.. sums.Chunk(problem.Layout.Length)];
    }

    private static byte[] Saved(IUnroll<float> unroll)
    {
        var bytes = new byte[unroll.StateBytesPerPair];
        return
        [
            .. Enumerable.Range(0, Pairs).SelectMany(pair =>
            {
                unroll.Save(pair, bytes);
                return bytes.ToArray();
            }),
        ];
    }

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        var length = Math.Sqrt(expected.Sum(value => value * value));
        Assert.True(length > 1e-3);
        Assert.InRange(Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum()), 0, tolerance * length);
    }

    /// <summary>A task that torch knows nothing of.</summary>
    private sealed class OtherTask : IInnerTask
    {
        private readonly QuadraticTask _task = new();

        public string Name => "other-task";

        public IReadOnlyList<Involute.Tasks.TensorSlice> Parameters => _task.Parameters;

        public void Initialise(TrajectoryKey trajectory, Span<float> parameters) =>
            _task.Initialise(trajectory, parameters);

        public ITaskBatch CreateBatch() => _task.CreateBatch();
    }
}
