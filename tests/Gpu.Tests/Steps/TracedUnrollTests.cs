using Balancing;
using Involute.Gpu.Steps;
using Involute.Tasks;
using Involute.Tasks.Numbers;
using Involute.Tasks.Problems;
using Involute.Tasks.Tangents;
using Involute.Tasks.Tests.Tangents;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;
using YourOwnProblem;

namespace Involute.Gpu.Tests.Steps;

/// <summary>Step functions on a device against the same functions on plain numbers, bit for bit.</summary>
public sealed class TracedUnrollTests
{
    public static TheoryData<int, ArmSet> Shapes => new()
    {
        { 9, ArmSet.Antithetic }, { 1, ArmSet.Antithetic }, { 70, ArmSet.CentreOnly }, { 5, ArmSet.AntitheticAndCentre },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Windows_of_any_kind_have_the_bits_of_single_lanes(int pairs, ArmSet arms)
    {
        IPackedStep<float>[] steps =
        [
            new AllOperations<float>(), new Lorenz<float>(spread: 1), new ToyRegression2D<float>(),
            new InfluenceBalancing<float>(), new InfluenceBalancing<float>(5, 2, vector: true),
            new SmoothedQuadratic<float>([1, 3], [1, -2], 0.1, logarithmic: true), new RandomStep(3, 2, 0, 12),
            new Thermostat(0.5f), new CartPole(0.2f), new MemorylessLinear<float>(7, orthonormal: true), new MemorylessLinear<float>(5, orthonormal: false),
        ];
        for (var i = 0; i < steps.Length; i++)
        {
            Check(steps[i], pairs, arms, seed: pairs + i);
        }
    }

    [Fact]
    public void Random_steps_have_the_bits_of_single_lanes()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            Check(new RandomStep(1000 + seed, 1 + (seed % 3), seed % 6, 1 + (2 * seed)), 3, ArmSet.Antithetic, seed);
        }
    }

    [Fact]
    public void Programs_that_shared_memory_does_not_hold_run_too() =>
        Check(new InfluenceBalancing<float>(1500, 700, vector: true), 2, ArmSet.Antithetic, 1);

    [Fact]
    public void A_pair_has_the_same_bits_beside_others_and_in_another_place()
    {
        using var alone = OnDevice(new Thermostat(0.5f)).CreateUnroll(1, ArmSet.Antithetic);
        using var last = OnDevice(new Thermostat(0.5f)).CreateUnroll(40, ArmSet.Antithetic);
        var (few, many) = (new StepLoss[2 * 60], new StepLoss[2 * 60 * 40]);
        var thetas = new float[40 * 2 * 2];
        for (var i = 0; i < thetas.Length; i++)
        {
            thetas[i] = -3 - (0.01f * (i % 4));
        }

        FreshTrajectories.Run(alone, [FreshTrajectories.Key(7)], new ArmThetas<float>(thetas.AsSpan(0, 4), 2, 2), 60, few);
        FreshTrajectories.Run(last, [.. Enumerable.Range(0, 40).Select(i => FreshTrajectories.Key(46 - i))], new ArmThetas<float>(thetas, 2, 2), 60, many);
        Assert.Equal(few, many[^few.Length..]);
        Assert.Equal(SavedLanes.Of(alone, 0), SavedLanes.Of(last, 39));
    }

    [Fact]
    public void A_trajectory_moves_between_the_CPU_and_a_device()
    {
        var step = new Thermostat(0.5f);
        var theta = new float[] { -3, -5, -2.9f, -5.1f };
        using var whole = new StepUnroll<float>(step, 1, ArmSet.Antithetic);
        using var cpu = new StepUnroll<float>(step, 1, ArmSet.Antithetic);
        using var device = OnDevice(step).CreateUnroll(2, ArmSet.Antithetic);
        var (expected, actual) = (new StepLoss[2 * 90], new StepLoss[2 * 90]);
        FreshTrajectories.Run(whole, [FreshTrajectories.Key(0)], new ArmThetas<float>(theta, 2, 2), 90, expected);

        // Thirty steps here, thirty there as the second of two pairs, thirty here.
        FreshTrajectories.Run(cpu, [FreshTrajectories.Key(0)], new ArmThetas<float>(theta, 2, 2), 30, actual);
        device.Load(1, SavedLanes.Of(cpu, 0));
        Assert.Equal(SavedLanes.Of(cpu, 0), SavedLanes.Of(device, 1));
        device.Advance(
            [new Segment(1, FreshTrajectories.Key(0), 30, 30, LossTime.BeforeUpdate, 60)], new ArmThetas<float>([.. theta, .. theta], 2, 2), actual);
        cpu.Load(0, SavedLanes.Of(device, 1));
        cpu.Advance([new Segment(0, FreshTrajectories.Key(0), 60, 30, LossTime.BeforeUpdate, 120)], new ArmThetas<float>(theta, 2, 2), actual);
        Assert.Equal(expected, actual);
        Assert.Equal(SavedLanes.Of(whole, 0), SavedLanes.Of(cpu, 0));
    }

    [Fact]
    public void What_a_device_does_not_compute_is_refused_in_one_line()
    {
        Refused(new ToyLstm<float>(repeated: true), "IPackedStep");
        Refused(new CommonNoise<float>(new Lorenz<float>(), 1), "IPackedStep");
        Refused(new Endless(), "more than 65536 operations");
    }

    private static void Refused(IStepFunction<float> step, string because)
    {
        Assert.Null(DeviceProblems.On(CpuDevice.OrSkip(), new StepProblem<float>(step), out var refusal));
        Assert.Contains(because, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    private static void Check(IPackedStep<float> step, int pairs, ArmSet arms, int seed)
    {
        var theta = new float[step.Layout.Length];
        step.InitialTheta(0, theta);
        using var single = new StepUnroll<float>(step, pairs, arms);
        using var traced = OnDevice(step).CreateUnroll(pairs, arms);
        Assert.IsType<TracedUnroll>(traced);
        var diverges = step is AllOperations<float> or Lorenz<float>;
        SameBits.Check(
            single, (IWindowUnroll<float>)traced, theta, seed, spread: 100, diverges, bytes => SavedLanes.OneNaN(bytes, arms.Count() * pairs, flag: 1));
    }

    private static IInnerProblem<float> OnDevice(IStepFunction<float> step)
    {
        var problem = DeviceProblems.On(CpuDevice.OrSkip(), new StepProblem<float>(step), out var refusal);
        Assert.Equal("", refusal);
        return problem!;
    }

    /// <summary>A step with too many operations.</summary>
    private sealed class Endless : IPackedStep<float>
    {
        public string Name => "endless";

        public ThetaLayout Layout { get; } = new(("theta", []));

        public int StateLength => 1;

        public void InitialTheta(long seed, Span<float> theta) => theta.Clear();

        public void Initialise<TNumber>(ReadOnlySpan<TNumber> theta, Trajectory trajectory, Span<TNumber> state)
            where TNumber : struct, IStepNumber<TNumber, float> => state.Clear();

        public TNumber Step<TNumber>(ReadOnlySpan<TNumber> theta, LaneKeys<TNumber, float> keys, Span<TNumber> state)
            where TNumber : struct, ILaneNumber<TNumber, float>
        {
            for (var i = 0; i < 100_000; i++)
            {
                state[0] += theta[0];
            }

            return state[0];
        }
    }
}
