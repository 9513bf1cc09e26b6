using Involute.Gpu.Networks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Gpu.Tests.Networks;

/// <summary>Unrolls on a device against <see cref="LaneUnroll"/>.</summary>
public sealed class FusedUnrollTests
{
    [Theory]
    [InlineData(ArmSet.Antithetic, "PairPerBlock")]
    [InlineData(ArmSet.AntitheticAndCentre, "PairPerBlock")]
    [InlineData(ArmSet.Antithetic, "LanePerBlock")]
    [InlineData(ArmSet.AntitheticAndCentre, "LanePerBlock")]
    [InlineData(ArmSet.CentreOnly, "LanePerBlock")]
    [InlineData(ArmSet.Antithetic, "General")]
    public void The_default_problem_has_the_bits_of_the_CPU(ArmSet arms, string placement) =>
        Check("default", "adam", arms, Enum.Parse<LanePlacement>(placement), windows: 5, longest: 15);

    [Theory]
    [InlineData("odd", ArmSet.Antithetic, 6)]
    [InlineData("odd", ArmSet.AntitheticAndCentre, 6)]
    [InlineData("softmax", ArmSet.CentreOnly, 6)]
    [InlineData("softmax", ArmSet.Antithetic, 6)]
    [InlineData("wide", ArmSet.Antithetic, 3)]
    [InlineData("large batch", ArmSet.Antithetic, 3)]
    [InlineData("wide large batch", ArmSet.Antithetic, 3)]
    [InlineData("few examples", ArmSet.AntitheticAndCentre, 6)]
    [InlineData("deep", ArmSet.Antithetic, 6)]
    public void Networks_of_any_sizes_have_the_bits_of_the_CPU(string task, ArmSet arms, int windows) =>
        Check(task, "adam", arms, LanePlacement.ByLanes, windows, longest: windows > 3 ? 20 : 5);

    [Theory]
    [InlineData("sgd")]
    [InlineData("sgdm")]
    [InlineData("nesterov")]
    [InlineData("rmsprop")]
    public void Element_wise_optimizers_have_the_bits_of_the_CPU(string optimizer)
    {
        Check("odd", optimizer, ArmSet.AntitheticAndCentre, LanePlacement.ByLanes, windows: 6, longest: 20);
        Check("default", optimizer, ArmSet.Antithetic, LanePlacement.ByLanes, windows: 3, longest: 6);
    }

    [Theory]
    [InlineData("sgd", "PairPerBlock")]
    [InlineData("sgd", "LanePerBlock")]
    [InlineData("sgdm", "PairPerBlock")]
    [InlineData("sgdm", "LanePerBlock")]
    public void Other_optimizers_in_the_fused_window_have_the_bits_of_the_CPU(string optimizer, string placement) =>
        Check("default", optimizer, ArmSet.AntitheticAndCentre, Enum.Parse<LanePlacement>(placement), windows: 6, longest: 12);

    [Theory]
    [InlineData("odd", "mlp", ArmSet.Antithetic)]
    [InlineData("softmax", "mlp", ArmSet.AntitheticAndCentre)]
    [InlineData("deep", "mlp-small", ArmSet.Antithetic)]
    [InlineData("odd", "mlp-linear", ArmSet.CentreOnly)]
    [InlineData("odd", "adafac-mlp", ArmSet.Antithetic)]
    [InlineData("softmax", "adafac-mlp", ArmSet.AntitheticAndCentre)]
    [InlineData("deep", "adafac-mlp", ArmSet.Antithetic)]
    [InlineData("odd", "adafac-mlp-deep", ArmSet.CentreOnly)]
    public void Learned_optimizers_have_the_bits_of_the_CPU(string task, string optimizer, ArmSet arms) =>
        Check(task, optimizer, arms, LanePlacement.ByLanes, windows: 6, longest: 10);

    [Theory]
    [InlineData("default", "mlp", "General")]
    [InlineData("default", "mlp", "LanePerBlock")]
    [InlineData("default", "mlp", "PairPerBlock")]
    [InlineData("default", "mlp-small", "PairPerBlock")]
    [InlineData("default", "adafac-mlp", "General")]
    [InlineData("default", "adafac-mlp", "LanePerBlock")]
    [InlineData("default", "adafac-mlp", "PairPerBlock")]
    [InlineData("default", "adafac-mlp-deep", "LanePerBlock")]
    [InlineData("wide", "adafac-mlp", "ByLanes")]
    [InlineData("large batch", "mlp", "ByLanes")]
    public void Learned_optimizers_have_the_bits_of_the_CPU_on_larger_networks(string task, string optimizer, string placement) =>
        Check(task, optimizer, ArmSet.AntitheticAndCentre, Enum.Parse<LanePlacement>(placement), windows: 4, longest: 4);

    [Theory]
    [InlineData("64-128-128-10", "adam", 3)]
    [InlineData("64-128-128-10", "sgdm", 3)]
    [InlineData("64-128-128-10", "adafac-mlp", 2)]
    [InlineData("784-128-128-10", "adam", 2)]
    public void Common_shapes_have_the_bits_of_the_CPU(string task, string optimizer, int windows)
    {
        var kernel = NetworkKernel.Of(NetworkShape.Of(new OptimizedTask(NetworkCases.Task(task), KnownOptimizers.Of(optimizer)), out _)!, 227 * 1024);
        Assert.Equal($"network_{task.Replace('-', '_')}_128", kernel.Entry);
        Check(task, optimizer, ArmSet.Antithetic, LanePlacement.ByLanes, windows, longest: 6);
    }

    [Fact]
    public void Each_common_shape_has_a_module_with_its_kernel_and_no_other_has()
    {
        const string prefix = "Involute.Gpu.Kernels.", suffix = ".ptx.gz";
        var modules = typeof(NetworkKernel).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix + "network_", StringComparison.Ordinal) && char.IsDigit(name[(prefix + "network_").Length]))
            .Select(name => name[prefix.Length..^suffix.Length]);
        var names = NetworkKernel.CommonShapes.Select(shape => NetworkKernel.NameOf(shape.Widths, shape.Batch)).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), modules.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            Assert.Equal(name, CpuDevice.OrSkip().Module(name).Kernel(name, 0).Entry);
        }
    }

    [Theory]
    [InlineData("PairPerBlock")]
    [InlineData("LanePerBlock")]
    [InlineData("General")]
    public void A_window_passes_the_ends_of_epochs(string placement)
    {
        var problem = new OptimizedTask(NetworkCases.Task("default"), KnownOptimizers.Of("adam"));
        var onDevice = FusedProblem.On(CpuDevice.OrSkip(), problem, Enum.Parse<LanePlacement>(placement), out _)!;
        using var cpu = new LaneUnroll(problem, 1, ArmSet.Antithetic);
        using var device = (IWindowUnroll<float>)onDevice.CreateUnroll(1, ArmSet.Antithetic);
        var theta = new float[2 * problem.Layout.Length];
        problem.InitialTheta(0, theta);
        problem.InitialTheta(0, theta.AsSpan(problem.Layout.Length));
        var thetas = new ArmThetas<float>(theta, 2, problem.Layout.Length);
        var per = problem.Task.BatchesPerEpoch(DataSplit.Train);
        var key = new TrajectoryKey(-3, 77, 5);
        WindowSegment[] segments =
        [
            new(new Segment(0, key, per - 2, 4, LossTime.BeforeUpdate, 0), new Trajectory(key, 2000), 0),
            new(new Segment(0, key, (3 * per) - 1, 2, LossTime.BeforeUpdate, 8), null, 0),
        ];
        Assert.Equal(SameBits.Losses(cpu, segments, thetas, 12), SameBits.Losses(device, segments, thetas, 12));
        Agreement.CompareStates(cpu, device);
    }

    [Fact]
    public void Neither_the_order_of_pairs_nor_their_number_changes_a_bit()
    {
        foreach (var placement in (LanePlacement[])[LanePlacement.PairPerBlock, LanePlacement.LanePerBlock, LanePlacement.General])
        {
            var problem = new OptimizedTask(NetworkCases.Task("default"), KnownOptimizers.Of("adam"));
            var onDevice = FusedProblem.On(CpuDevice.OrSkip(), problem, placement, out _)!;
            var all = Lanes(onDevice, [0, 1, 2, 3, 4]);
            var some = Lanes(onDevice, [3, 1]);
            Assert.Equal(all[3], some[0]);
            Assert.Equal(all[1], some[1]);
        }
    }

    // Pairs of these numbers, each under a theta of its own: two windows of 4 steps.
    private static byte[][][] Lanes(FusedProblem problem, int[] numbers)
    {
        using var unroll = (IWindowUnroll<float>)problem.CreateUnroll(numbers.Length, ArmSet.Antithetic);
        var theta = new float[numbers.Length * 2 * problem.Layout.Length];
        for (var lane = 0; lane < 2 * numbers.Length; lane++)
        {
            var own = theta.AsSpan(lane * problem.Layout.Length, problem.Layout.Length);
            problem.InitialTheta(0, own);
            own[0] += 0.1f * ((2 * numbers[lane / 2]) + (lane % 2));
        }

        var losses = new StepLoss[numbers.Length * 8];
        for (var window = 0; window < 2; window++)
        {
            WindowSegment[] segments =
            [
                .. numbers.Select((number, pair) => new WindowSegment(
                    new Segment(pair, new TrajectoryKey(1, number, 0), 4 * window, 4, LossTime.BeforeUpdate, 8 * pair),
                    window == 0 ? new Trajectory(new TrajectoryKey(1, number, 0), 8) : null, pair)),
            ];
            unroll.Advance(segments, new ArmThetas<float>(theta, 2, problem.Layout.Length), losses);
        }

        return [.. numbers.Select((_, pair) => SavedLanes.Live(unroll, pair))];
    }

    private static void Check(string task, string optimizer, ArmSet arms, LanePlacement placement, int windows, int longest)
    {
        var problem = new OptimizedTask(NetworkCases.Task(task), KnownOptimizers.Of(optimizer));
        var onDevice = FusedProblem.On(CpuDevice.OrSkip(), problem, placement, out var refusal);
        Assert.Equal("", refusal);
        using var cpu = new LaneUnroll(problem, 3, arms);
        using var device = (IWindowUnroll<float>)onDevice!.CreateUnroll(3, arms);
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(7, theta);
        var (steps, diverged) = Agreement.Check(cpu, device, theta, seed: 11, spread: 60, windows, longest);
        Assert.True(steps >= 50, $"{steps} lane-steps");
        TestContext.Current.TestOutputHelper?.WriteLine($"{task} by {optimizer}: {steps} lane-steps, {diverged} of lanes that had diverged");
    }
}
