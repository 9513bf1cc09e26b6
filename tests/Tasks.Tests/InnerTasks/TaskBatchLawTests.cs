using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tests.Images;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.InnerTasks;

/// <summary>What every task's batch promises.</summary>
public sealed class TaskBatchLawTests
{
    private static readonly TrajectoryKey Trajectory = new(11, 4, 2);

    public static TheoryData<string> Tasks => ["quadratic", "fixed-dim-quadratic", "mlp"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_same_key_prepares_the_same_batch_whatever_the_batch_was_used_for_before(string name)
    {
        var task = Task(name);
        using var used = task.CreateBatch();
        foreach (var key in new[] { Trajectory.At(3), Trajectory.At(90), (Trajectory with { Trajectory = 9 }).At(0) })
        {
            foreach (var split in new[] { DataSplit.Train, DataSplit.Test })
            {
                used.Prepare(key, split, RandomStream.DataOrder);
                using var fresh = task.CreateBatch();
                fresh.Prepare(key, split, RandomStream.DataOrder);
                Assert.Equal(Computed(task, fresh, 1), Computed(task, used, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void What_one_arm_computes_leaves_no_trace_in_what_the_other_computes(string name)
    {
        var task = Task(name);
        using var shared = task.CreateBatch();
        using var own = task.CreateBatch();
        shared.Prepare(Trajectory.At(7), DataSplit.Train, RandomStream.DataOrder);
        own.Prepare(Trajectory.At(7), DataSplit.Train, RandomStream.DataOrder);
        Computed(task, shared, 1);
        Assert.Equal(Computed(task, own, 2), Computed(task, shared, 2));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_loss_with_a_gradient_is_the_loss_without_and_padding_is_left_alone(string name)
    {
        var task = Task(name);
        using var batch = task.CreateBatch();
        batch.Prepare(Trajectory.At(7), DataSplit.Train, RandomStream.DataOrder);
        var parameters = Parameters(task, 1);
        var gradient = new float[parameters.Length + 3];
        gradient.AsSpan(parameters.Length).Fill(7);
        Assert.Equal(batch.Loss(parameters), batch.LossAndGradient(parameters, gradient));
        Assert.Equal([7, 7, 7], gradient[^3..]);
    }

    // Counts the calls of an unroll to a batch: both arms compute on one preparation.
    [Fact]
    public void A_step_prepares_once_and_both_arms_compute_on_it()
    {
        var task = new CountedTask();
        using var unroll = new OptimizedTask(task, new LearnableSgd()).CreateUnroll(1, ArmSet.Antithetic);
        var thetas = new ArmThetas<float>([-3f, -4f], arms: 2, thetaLength: 1);
        unroll.Reset(0, new Trajectory(Trajectory, 5), thetas);
        unroll.Advance([new Segment(0, Trajectory, 0, 5, LossTime.BeforeUpdate, 0)], thetas, new StepLoss[10]);
        Assert.Equal("P0 G G P1 G G P2 G G P3 G G P4 G G", string.Join(' ', task.Calls));
    }

    private static IInnerTask Task(string name) => name switch
    {
        "quadratic" => new QuadraticTask(5),
        "fixed-dim-quadratic" => new FixedDimQuadraticFamily(5),
        _ => new ImageMlp(name, SyntheticImages.Dataset(200, 3, 3, 4), [5], 16),
    };

    private static float[] Parameters(IInnerTask task, int pair)
    {
        var parameters = new float[task.Parameters[^1].Offset + task.Parameters[^1].Length];
        task.Initialise(Trajectory with { Pair = pair }, parameters);
        return parameters;
    }

    private static double[] Computed(IInnerTask task, ITaskBatch batch, int pair)
    {
        var parameters = Parameters(task, pair);
        var gradient = new float[parameters.Length];
        var loss = batch.LossAndGradient(parameters, gradient);
        return [loss, .. gradient.Select(value => (double)value)];
    }

    private sealed class CountedTask : IInnerTask, ITaskBatch
    {
        public List<string> Calls { get; } = [];

        public string Name => "counted";

        public IReadOnlyList<TensorSlice> Parameters { get; } = ThetaLayout.LayOut([("p", [1])]);

        public void Initialise(TrajectoryKey trajectory, Span<float> parameters) => parameters.Clear();

        public ITaskBatch CreateBatch() => this;

        public void Prepare(StepKey key, DataSplit split, RandomStream order) => Calls.Add($"P{key.InnerStep}");

        public double LossAndGradient(ReadOnlySpan<float> parameters, Span<float> gradient)
        {
            Calls.Add("G");
            return 0;
        }

        public double Loss(ReadOnlySpan<float> parameters) => 0;
    }
}
