using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Adjoint;
using Involute.Torch.Batching;
using Involute.Torch.Optimizers;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Involute.Torch.Tests.Tasks;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>Derivatives by theta of unrolls in double precision.</summary>
[Trait("Speed", "slow")]
public sealed class WindowAdjointTests
{
    private const int Lanes = 2;
    private const int Steps = 6;

    private static readonly ImageMlp Mlp = new("mlp", FashionMnist.Embedded8x8(), [7], 16);

    public static TheoryData<string, string> Optimizers()
    {
        var table = new TheoryData<string, string>();
        foreach (var name in StackedOptimizers.Names.Split(", "))
        {
            table.Add(name, "before");
            table.Add(name, "after");
            table.Add(name, "held-out");
        }

        return table;
    }

    public static TheoryData<string, TorchBatching> Tasks()
    {
        var table = new TheoryData<string, TorchBatching>();
        foreach (var name in TorchTasks.Names)
        {
            table.Add(name, TorchBatching.Lanes);
        }

        table.Add("torch-mlp", TorchBatching.Vmap);
        table.Add("torch-mlp", TorchBatching.Loop);
        table.Add("conv", TorchBatching.Loop);
        return table;
    }

    /// <summary>With r = 1 − 2 lr, the loss before step t is r²ᵗ.</summary>
    [Fact]
    public void Of_gradient_descent_on_a_square_they_are_those_of_the_closed_form()
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var step = new UnrollStep(
            new QuadraticForm(new QuadraticTask(1)), new StackedSgd(), LossTime.BeforeUpdate);
        var theta = tensor(0.1, ScalarType.Float64).log().view(1, 1);
        var (one, none) = (ones(1, 1, ScalarType.Float64), zeros(1, 0, ScalarType.Float64));
        var batch = new StepBatch([zeros(1, 1, ScalarType.Float64)], []);
        var weights = ones(5, 1, ScalarType.Float64) / 5;
        var kept = new Square(batch);
        Assert.Equal(-0.291672064, WindowAdjoint.WholeGraph(step, theta, kept).item<double>(), 1e-12);
        Assert.Equal(-0.291672064, WindowAdjoint.StepByStep(step, theta, kept).item<double>(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Of_every_optimizer_they_are_those_of_differences(string optimizer, string time) => Check(
        TorchForms.Of(Mlp), Of(optimizer), time switch
        {
            "before" => LossTime.BeforeUpdate,
            "after" => LossTime.SameBatchAfterUpdate,
            _ => LossTime.OnSplitAfterUpdate(DataSplit.OuterValid),
        });

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Of_every_task_they_are_those_of_differences(string task, TorchBatching batching) =>
        Check(TorchTasks.Of(task, batching), Of("adam"), LossTime.BeforeUpdate);

    [Fact]
    public void In_single_precision_they_are_near()
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        foreach (var name in StackedOptimizers.Names.Split(", "))
        {
            var exact = Window(TorchForms.Of(Mlp), Of(name), LossTime.BeforeUpdate, ScalarType.Float64).StepByStep();
            var single = Window(TorchForms.Of(Mlp), Of(name), LossTime.BeforeUpdate, ScalarType.Float32).StepByStep();
            Assert.InRange(Norm(exact.Zip(single, (a, b) => a - b)), 0, 1e-3 * Norm(exact));
        }
    }

    private static void Check(TorchTask task, ILearnedOptimizer optimizer, LossTime time)
    {
        TorchRequired.OrSkip();
        using var scope = NewDisposeScope();
        var window = Window(task, optimizer, time, ScalarType.Float64);
        var whole = window.WholeGraph();
        var kept = window.StepByStep();
        var length = Norm(whole);
        Assert.True(length > 1e-6, $"a gradient of {length}");
        Assert.Equal(kept, whole);

        // Along the gradient itself, for all lanes at once: the difference is the norm. The features of adafac-mlp
        // differ by orders of magnitude, and the kinks of its network's ReLUs lie close together.
        var step = optimizer is AdafacMlpOptimizer ? 1e-9 : 1e-6;
        var direction = tensor(kept).view(Lanes, -1) / length;
        var difference = (window.Run(window.Theta + (direction * step)) - window.Run(window.Theta - (direction * step)))
            / (2 * step);
        Assert.Equal(length, difference, 1e-6 * length);
    }

    private static RecordedSteps Window(TorchTask task, ILearnedOptimizer optimizer, LossTime time, ScalarType type)
    {
        // Off the initial value: with biases of 0, an element that no unit of the first layer sees stands exactly on the
        // kinks of the second, where a difference is the mean of two slopes.
        var theta = new float[optimizer.Layout.Length];
        var moved = new float[theta.Length];
        optimizer.InitialTheta(1, theta);
        new TrajectoryKey(9, 0, 0).Stream(RandomStream.InnerNoise).FillNormal(moved, 0.03);
        for (var i = 0; i < theta.Length; i++)
        {
            theta[i] += moved[i];
        }

        return new RecordedSteps(task, optimizer, theta, Lanes, Steps, time, type);
    }

    private static ILearnedOptimizer Of(string name) => name switch
    {
        "sgd" => new LearnableSgd(0.2),
        "sgdm" => new LearnableSgdm(0.1, 0.7),
        "adam" => new LearnableAdam(0.02, 0.8, 0.95, 1e-3),
        "mlp" => new MlpOptimizer(hiddenSize: 6, stepMultiplier: 0.02),
        "adafac-mlp" => new AdafacMlpOptimizer(stepMultiplier: 0.02),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such optimizer"),
    };

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private sealed class Square(StepBatch batch) : IRecordedWindow
    {
        public int Steps => 5;

        // r = 0.8: before step t the parameter is 0.8ᵗ.
        public RecordedStep Step(int back) => new(
            full(1, 1, Enumerable.Repeat(0.8, 4 - back).Aggregate(1.0, (a, b) => a * b), ScalarType.Float64),
            zeros(1, 0, ScalarType.Float64), batch, full(1, 0.2, ScalarType.Float64));
    }
}
