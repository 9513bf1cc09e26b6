using System.Numerics;
using Involute.Tasks.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;
using Involute.Tasks.Tests.Unrolls;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Tangents;

/// <summary>Step functions on vectors against the same functions on plain numbers.</summary>
public sealed class PackedStepTests
{
    public static TheoryData<int, ArmSet> Shapes => new()
    {
        { 9, ArmSet.Antithetic }, { 2, ArmSet.Antithetic }, { 11, ArmSet.CentreOnly }, { 5, ArmSet.AntitheticAndCentre },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Floats_have_the_bits_of_single_lanes(int pairs, ArmSet arms) => Check<float>(pairs, arms);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Doubles_have_the_bits_of_single_lanes(int pairs, ArmSet arms) => Check<double>(pairs, arms);

    [Fact]
    public void A_pair_by_itself_is_not_packed()
    {
        using var unroll = new StepProblem<float>(new Lorenz<float>()).CreateUnroll(1, ArmSet.Antithetic);
        Assert.IsType<StepUnroll<float>>(unroll);
    }

    [Fact]
    public void A_packed_step_has_derivatives()
    {
        var problem = new StepProblem<double>(new AllOperations<double>());
        Assert.True(problem.OffersTangents);
        using var unroll = problem.CreateTangentUnroll(1, ArmSet.CentreOnly);
        var theta = new double[] { 0.2, -0.3 };
        var slope = Tangents(unroll, theta)[0];
        const double step = 1e-6;
        using var plain = problem.CreateUnroll(1, ArmSet.CentreOnly);
        var difference = (Loss(plain, [theta[0] + step, theta[1]]) - Loss(plain, [theta[0] - step, theta[1]])) / (2 * step);
        Assert.Equal(difference, slope, 1e-6 * Math.Abs(difference));
    }

    private static double[] Tangents(ITangentUnroll<double> unroll, double[] theta)
    {
        Loss(unroll, theta);
        return unroll.LossTangents[^theta.Length..].ToArray();
    }

    private static double Loss(IUnroll<double> unroll, double[] theta)
    {
        var key = new TrajectoryKey(4, 0, 0);
        var losses = new StepLoss[3];
        unroll.Reset(0, new Trajectory(key, 3), new ArmThetas<double>(theta, 1, 2));
        unroll.Advance(
            [new Segment(0, key, 0, 3, LossTime.BeforeUpdate, 0)], new ArmThetas<double>(theta, 1, 2), losses);
        return losses[^1].Loss;
    }

    private static void Check<T>(int pairs, ArmSet arms)
        where T : struct, IFloatingPointIeee754<T>
    {
        IPackedStep<T>[] steps =
        [
            new AllOperations<T>(), new Lorenz<T>(spread: 1), new ToyRegression2D<T>(), new InfluenceBalancing<T>(5, 2, vector: true),
            new SmoothedQuadratic<T>([1, 3], [1, -2], 0.1, logarithmic: true),
        ];
        for (var seed = 0; seed < 2 * steps.Length; seed++)
        {
            var step = steps[seed % steps.Length];
            var theta = new T[step.Layout.Length];
            step.InitialTheta(0, theta);
            using var single = new StepUnroll<T>(step, pairs, arms);
            using var packed = new StepProblem<T>(step).CreateUnroll(pairs, arms);
            Assert.True(!Packs || packed is not StepUnroll<T>);
            var diverges = step is AllOperations<T> or Lorenz<T>;
            SameBits.Check(single, (IWindowUnroll<T>)packed, theta, seed, spread: 100, diverges);
        }
    }

    // Without vectors there is nothing to pack.
    private static bool Packs => System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated;
}
