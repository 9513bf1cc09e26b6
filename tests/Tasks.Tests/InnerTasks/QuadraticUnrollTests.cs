using System.Security.Cryptography;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Optimizers;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

/// <summary>Packed lanes against lanes that step one by one: losses and saved bytes, bit for bit.</summary>
public sealed class QuadraticUnrollTests
{
    public static TheoryData<string, int, int, ArmSet> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, ArmSet>();
            foreach (var optimizer in new[] { "adam", "sgd", "sgdm", "nesterov", "rmsprop" })
            {
                shapes.Add(optimizer, 10, 5, ArmSet.Antithetic);
                shapes.Add(optimizer, 16, 1, ArmSet.Antithetic);
                shapes.Add(optimizer, 1, 11, ArmSet.CentreOnly);
                shapes.Add(optimizer, 33, 3, ArmSet.AntitheticAndCentre);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Packed_lanes_have_the_bits_of_single_lanes(string optimizer, int dimension, int pairs, ArmSet arms)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            IInnerTask task = seed % 2 == 0 ? new FixedDimQuadraticFamily(dimension) : new QuadraticTask(dimension);
            Compare(new OptimizedTask(task, KnownOptimizers.Of(optimizer)), pairs, arms, seed);
        }
    }

    // A change here breaks the resuming of runs.
    [Theory]
    [InlineData("adam", "3d6fd4e862be5d16")]
    [InlineData("rmsprop", "8d9a9fa015bcc55f")]
    public void Bits_of_packed_windows_are_those_of_former_versions(string optimizer, string hash)
    {
        var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), KnownOptimizers.Of(optimizer));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Compare(problem, 6, ArmSet.Antithetic, 1)))[..16]);
    }

    [Fact]
    public void Lanes_are_one_by_one_where_packing_gains_nothing()
    {
        using var large = new OptimizedTask(new QuadraticTask(100_000), new LearnableAdam())
            .CreateUnroll(1, ArmSet.Antithetic);
        using var learned = new OptimizedTask(new QuadraticTask(), new MlpOptimizer())
            .CreateUnroll(1, ArmSet.Antithetic);
        Assert.IsType<LaneUnroll>(large);
        Assert.IsType<LaneUnroll>(learned);
    }

    /// <summary>A damaged checkpoint gives the same states as single lanes, so that it is told in the same place.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_that_was_loaded_stays_until_its_trajectory_ends(bool ends)
    {
        var problem = new OptimizedTask(new QuadraticTask(), new LearnableAdam());
        using var packed = problem.CreateUnroll(1, ArmSet.Antithetic);
        using var single = new LaneUnroll(problem, 1, ArmSet.Antithetic);
        var saved = new[] { Damaged(problem, (IWindowUnroll<float>)packed, ends), Damaged(problem, single, ends) };
        Assert.Equal(saved[1], saved[0]);
        Assert.Equal(ends ? 0 : 1, saved[0][^1]);
    }

    private static byte[] Damaged(OptimizedTask problem, IWindowUnroll<float> unroll, bool ends)
    {
        var theta = new float[2 * problem.Layout.Length];
        problem.InitialTheta(0, theta.AsSpan(0, theta.Length / 2));
        problem.InitialTheta(0, theta.AsSpan(theta.Length / 2));
        var thetas = new ArmThetas<float>(theta, 2, theta.Length / 2);
        var first = new TrajectoryKey(0, 0, 0);
        unroll.Reset(0, new Trajectory(first, 100), thetas);
        var bytes = new byte[unroll.StateBytesPerPair];
        unroll.Save(0, bytes);
        bytes[^1] = 1;
        unroll.Load(0, bytes);
        Trajectory? next = ends ? new Trajectory(new TrajectoryKey(0, 0, 1), 100) : null;
        var segment = new Segment(0, next?.Key ?? first, 0, 3, LossTime.BeforeUpdate, LossOffset: 0);
        unroll.Advance([new WindowSegment(segment, next, 0)], thetas, new StepLoss[6]);
        unroll.Save(0, bytes);
        return bytes;
    }

    // Both unrolls through the same random windows. Returns the bytes of all pairs.
    private static byte[] Compare(OptimizedTask problem, int pairs, ArmSet arms, int seed)
    {
        using var packed = problem.CreateUnroll(pairs, arms);
        using var single = new LaneUnroll(problem, pairs, arms);
        Assert.IsNotType<LaneUnroll>(packed);
        var theta = new float[problem.Layout.Length];
        problem.InitialTheta(0, theta);
        return SameBits.Check(single, (IWindowUnroll<float>)packed, theta, seed, spread: 60);
    }
}
