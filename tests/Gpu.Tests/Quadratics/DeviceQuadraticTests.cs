using System.Security.Cryptography;
using Involute.Gpu.Quadratics;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Gpu.Tests.Quadratics;

/// <summary>Quadratics on a device against lanes that step one by one on the CPU: losses and saved bytes, bit for bit.</summary>
public sealed class DeviceQuadraticTests
{
    public static TheoryData<string, int, int, ArmSet> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, ArmSet>();
            foreach (var optimizer in new[] { "adam", "sgd", "sgdm", "nesterov", "rmsprop" })
            {
                shapes.Add(optimizer, 10, 5, ArmSet.Antithetic);
                shapes.Add(optimizer, 2, 70, ArmSet.Antithetic);
                shapes.Add(optimizer, 16, 1, ArmSet.Antithetic);
                shapes.Add(optimizer, 20, 2, ArmSet.Antithetic);
                shapes.Add(optimizer, 1, 11, ArmSet.CentreOnly);
                shapes.Add(optimizer, 5, 3, ArmSet.AntitheticAndCentre);
                shapes.Add(optimizer, 33, 3, ArmSet.AntitheticAndCentre);
            }

            foreach (var optimizer in new[] { "mlp", "adafac-mlp" })
            {
                shapes.Add(optimizer, 10, 3, ArmSet.Antithetic);
                shapes.Add(optimizer, 1, 2, ArmSet.CentreOnly);
                shapes.Add(optimizer, 33, 1, ArmSet.AntitheticAndCentre);
                shapes.Add(optimizer, 70, 1, ArmSet.Antithetic);
            }

            shapes.Add("mlp-small", 16, 2, ArmSet.Antithetic);
            shapes.Add("adafac-mlp-deep", 65, 1, ArmSet.Antithetic);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Windows_of_any_kind_have_the_bits_of_single_lanes(string optimizer, int dimension, int pairs, ArmSet arms)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            IInnerTask task = seed % 2 == 0 ? new FixedDimQuadraticFamily(dimension) : new QuadraticTask(dimension);
            Compare(new OptimizedTask(task, KnownOptimizers.Of(optimizer)), pairs, arms, seed);
        }
    }

    /// <summary>The hashes are those that the CPU's unrolls are tested with.</summary>
    [Theory]
    [InlineData("adam", "3d6fd4e862be5d16")]
    [InlineData("rmsprop", "8d9a9fa015bcc55f")]
    public void Bits_are_those_of_former_versions(string optimizer, string hash)
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), KnownOptimizers.Of(optimizer));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Compare(problem, 6, ArmSet.Antithetic, 1)))[..16]);
    }

    [Fact]
    public void A_pair_has_the_same_bits_beside_others_and_in_another_place()
    {
        var problem = OnDevice(new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam()));
        using var alone = problem.CreateUnroll(1, ArmSet.Antithetic);
        using var last = problem.CreateUnroll(40, ArmSet.Antithetic);
        var (few, many) = (new StepLoss[2 * 60], new StepLoss[2 * 60 * 40]);
        FreshTrajectories.Run(alone, [FreshTrajectories.Key(7)], Thetas(1), 60, few);
        FreshTrajectories.Run(last, [.. Enumerable.Range(0, 40).Select(i => FreshTrajectories.Key(46 - i))], Thetas(40), 60, many);
        Assert.Equal(few, many[^few.Length..]);
        Assert.Equal(SavedLanes.Of(alone, 0), SavedLanes.Of(last, 39));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    public void A_trajectory_moves_between_the_CPU_and_a_device(int dimension)
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(dimension), new LearnableAdam(0.1));
        using var whole = problem.CreateUnroll(1, ArmSet.Antithetic);
        using var cpu = problem.CreateUnroll(1, ArmSet.Antithetic);
        using var device = OnDevice(problem).CreateUnroll(2, ArmSet.Antithetic);
        var (expected, actual) = (new StepLoss[2 * 90], new StepLoss[2 * 90]);
        FreshTrajectories.Run(whole, [FreshTrajectories.Key(0)], Thetas(1), 90, expected);

        // Thirty steps here, thirty there as the second of two pairs, thirty here.
        FreshTrajectories.Run(cpu, [FreshTrajectories.Key(0)], Thetas(1), 30, actual);
        device.Load(1, SavedLanes.Of(cpu, 0));
        Assert.Equal(SavedLanes.Of(cpu, 0), SavedLanes.Of(device, 1));
        device.Advance([new Segment(1, FreshTrajectories.Key(0), 30, 30, LossTime.BeforeUpdate, 60)], Thetas(2), actual);
        cpu.Load(0, SavedLanes.Of(device, 1));
        cpu.Advance([new Segment(0, FreshTrajectories.Key(0), 60, 30, LossTime.BeforeUpdate, 120)], Thetas(1), actual);
        Assert.Equal(expected, actual);
        Assert.Equal(SavedLanes.Of(whole, 0), SavedLanes.Of(cpu, 0));
    }

    /// <summary>A damaged checkpoint gives the same states as single lanes, so that it is told in the same place.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_that_was_loaded_stays_until_its_trajectory_ends(bool ends)
    {
        var problem = new OptimizedTask(new QuadraticTask(), new LearnableAdam());
        using var device = OnDevice(problem).CreateUnroll(1, ArmSet.Antithetic);
        using var single = new LaneUnroll(problem, 1, ArmSet.Antithetic);
        var saved = new[] { Damaged((IWindowUnroll<float>)device, ends), Damaged(single, ends) };
        Assert.Equal(saved[1], saved[0]);
        Assert.Equal(ends ? 0 : 1, saved[0][^1]);
    }

    [Fact]
    public void Other_optimizers_are_refused_in_one_line()
    {
        Assert.Null(DeviceProblems.On(CpuDevice.OrSkip(), new OptimizedTask(new QuadraticTask(), new KnownOptimizers.Other()), out var refusal));
        Assert.Contains("rmsprop, mlp, adafac-mlp, not by other", refusal, StringComparison.Ordinal);
    }

    private static byte[] Damaged(IWindowUnroll<float> unroll, bool ends)
    {
        var first = new TrajectoryKey(0, 0, 0);
        unroll.Reset(0, new Trajectory(first, 100), Thetas(1));
        var bytes = SavedLanes.Of(unroll, 0);
        bytes[^1] = 1;
        unroll.Load(0, bytes);
        Trajectory? next = ends ? new Trajectory(new TrajectoryKey(0, 0, 1), 100) : null;
        var segment = new Segment(0, next?.Key ?? first, 0, 3, LossTime.BeforeUpdate, LossOffset: 0);
        unroll.Advance([new WindowSegment(segment, next, 0)], Thetas(1), new StepLoss[6]);
        return SavedLanes.Of(unroll, 0);
    }

    // Both unrolls through the same random windows. Returns the bytes of all pairs.
    private static byte[] Compare(OptimizedTask problem, int pairs, ArmSet arms, int seed)
    {
        using var device = OnDevice(problem).CreateUnroll(pairs, arms);
        using var single = new LaneUnroll(problem, pairs, arms);
        Assert.IsType<DeviceQuadraticUnroll>(device);
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(0, theta);

        // Of learned optimizers the frozen lanes' states need not agree.
        var isLearned = problem.Optimizer is MlpOptimizer or AdafacMlpOptimizer;
        return SameBits.Check(
            single, (IWindowUnroll<float>)device, theta, seed, spread: isLearned ? 1e4 : 60, seen: isLearned ? Live : null);

        byte[] Live(byte[] bytes) => [.. SavedLanes.Live(SavedLanes.OneNaN(bytes, pairs * arms.Count(), sizeof(int)), pairs * arms.Count()).SelectMany(lane => lane)];
    }

    private static IInnerProblem<float> OnDevice(OptimizedTask cpu)
    {
        var problem = DeviceProblems.On(CpuDevice.OrSkip(), cpu, out var refusal);
        Assert.Equal("", refusal);
        return problem!;
    }

    // Those of adam; the negative arm has another rate.
    private static ArmThetas<float> Thetas(int pairs)
    {
        var thetas = new float[pairs * 8];
        for (var pair = 0; pair < pairs; pair++)
        {
            new LearnableAdam(0.1).InitialTheta(0, thetas.AsSpan(pair * 8, 4));
            new LearnableAdam(0.07).InitialTheta(0, thetas.AsSpan((pair * 8) + 4, 4));
        }

        return new ArmThetas<float>(thetas, 2, 4);
    }
}
