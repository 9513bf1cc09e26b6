using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

public sealed class AllocationTests
{
    public static TheoryData<string> Optimizers => ["sgd", "sgdm", "adam"];

    // Two segments that differ only in length: what they allocate may not depend on the number of steps.
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_step_allocates_nothing(string name)
    {
        ILearnedOptimizer optimizer = name switch
        {
            "sgd" => new LearnableSgd(),
            "sgdm" => new LearnableSgdm(),
            _ => new LearnableAdam(),
        };
        foreach (var task in new IInnerTask[] { new FixedDimQuadraticFamily(10), ImageMlp.FashionMnist8Relu32() })
        {
            Check(new OptimizedTask(task, optimizer));
        }
    }

    private static void Check(OptimizedTask problem)
    {
        using var unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        var length = problem.Layout.Length;
        var thetas = new float[2 * length];
        problem.InitialTheta(0, thetas.AsSpan(0, length));
        thetas.AsSpan(0, length).CopyTo(thetas.AsSpan(length));
        var losses = new StepLoss[80];

        var few = Allocated(unroll, thetas, losses, 5);
        var many = Allocated(unroll, thetas, losses, 40);
        Assert.True(few == many, $"{problem.Name}: {few} bytes, {many} bytes");
    }

    private static long Allocated(IUnroll<float> unroll, float[] thetas, StepLoss[] losses, int steps)
    {
        var key = new TrajectoryKey(1, 0, 0);
        var view = new ArmThetas<float>(thetas, 2, thetas.Length / 2);
        unroll.Reset(0, new Trajectory(key, 100 * steps), view);
        Segment[] segments = [new(0, key, 0, steps, LossTime.BeforeUpdate, 0)];
        return Allocation.OfEachCall(() =>
        {
            unroll.Advance(segments, new ArmThetas<float>(thetas, 2, thetas.Length / 2), losses);
            segments[0] = segments[0] with { FirstStep = segments[0].FirstStep + steps };
        });
    }
}
