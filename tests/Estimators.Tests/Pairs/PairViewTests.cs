using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests.Pairs;

public sealed class PairViewTests
{
    private const int Horizon = 10;

    [Fact]
    public void It_names_and_shapes_all_that_a_pair_carries()
    {
        var view = After(windows: 1, window: 3, new PersistentES<float>());

        Assert.Equal(0, view.Pair);
        Assert.Equal((3, Horizon, 1u), (view.Truncation.InnerStep, view.Truncation.Horizon, view.Truncation.Window));
        Assert.False(view.Done);
        Assert.Equal(["centre"], view.Sample.Select(tensor => tensor.Name));
        Assert.Equal([Arm.Positive, Arm.Negative], view.Lanes.Select(lane => lane.Arm));
        foreach (var lane in view.Lanes)
        {
            Assert.Equal(["p", "m/p", "v/p", "corrections"], lane.Tensors.Select(tensor => tensor.Name));
            Assert.Equal([[5], [5], [5], [2]], lane.Tensors.Select(tensor => tensor.Shape));
            Assert.All(lane.Tensors, tensor => Assert.True(MemoryExtensions.ContainsAnyExcept(tensor.Values.Span, 0f)));
            Assert.False(lane.Diverged);
        }

        Assert.Equal([4], view.Trail!.Shape);
    }

    [Fact]
    public void The_corrections_are_those_of_the_steps_so_far()
    {
        var (positive, negative) = (Corrections(Arm.Positive), Corrections(Arm.Negative));
        Assert.Equal(1 - (0.9 * 0.9 * 0.9), (positive[0] + negative[0]) / 2, 0.01);
        Assert.NotEqual(positive[0], negative[0]);

        static float[] Corrections(Arm arm) => After(windows: 1, window: 3, new PersistentES<float>())
            .Lanes.Single(lane => lane.Arm == arm).Tensors.Single(tensor => tensor.Name == "corrections").Values.ToArray();
    }

    [Fact]
    public void A_pair_is_done_exactly_at_its_horizon()
    {
        Assert.False(After(windows: 0, window: 5, new PersistentES<float>()).Done);
        Assert.False(After(windows: 1, window: 5, new PersistentES<float>()).Done);
        Assert.True(After(windows: 2, window: 5, new PersistentES<float>()).Done);
    }

    [Fact]
    public void Full_es_keeps_no_trail_and_is_always_done()
    {
        var view = After(windows: 1, window: 5, new FullES<float>());
        Assert.Null(view.Trail);
        Assert.True(view.Done);
    }

    [Fact]
    public void A_step_function_shows_its_state()
    {
        IUnroll<double> unroll = new StepProblem<double>(new Problems.SgdOnSquare<double>(0.1)).CreateUnroll(
            1, ArmSet.CentreOnly);
        var inspectable = Assert.IsType<IInspectableUnroll<double>>(unroll, exactMatch: false);
        Assert.Equal("state", Assert.Single(inspectable.Inspect(0, Arm.Centre)).Name);
        Assert.Throws<ArgumentException>(() => inspectable.Inspect(0, Arm.Positive));
    }

    private static PairView<float> After(int windows, int window, IGradientEstimator<float> estimator)
    {
        var plan = new TrainingPlan<float>(
            new OptimizedTask(new FixedDimQuadraticFamily(5), new LearnableAdam(0.05)),
            estimator,
            new GaussianNoise<float>(0.1),
            new ConstantSchedule(Horizon),
            new WindowSettings(Seed: 1, window),
            new MetaSgd<float>(0),
            Pairs: 1);
        var theta = OuterState<float>.Initial(plan).Theta;
        using var pairs = new PairState<float>(plan, new PairBlock(0, 1));
        for (var i = 0; i < windows; i++)
        {
            pairs.RunWindow(theta, new ComputeSlot<float>());
        }

        return PairView<float>.Of(plan, pairs, 0);
    }
}
