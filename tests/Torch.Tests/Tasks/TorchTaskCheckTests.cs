using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>What is wrong with a task's loss is one line before the first step.</summary>
public sealed class TorchTaskCheckTests
{
    [Theory]
    [InlineData(TorchBatching.Vmap)]
    [InlineData(TorchBatching.Lanes)]
    [InlineData(TorchBatching.Loop)]
    public void A_task_that_is_right_passes(TorchBatching batching)
    {
        TorchRequired.OrSkip();
        TorchTaskCheck.Run(new Parabola(batching));
    }

    [Fact]
    public void A_loss_that_is_no_scalar_is_refused() =>
        Refused(new Parabola { Single = p => p.square() }, "its loss is Float32 of the shape [3]; allowed: a Float32 scalar");

    [Fact]
    public void A_loss_of_another_type_is_refused() => Refused(
        new Parabola { Single = p => p.square().sum().to_type(ScalarType.Float64) },
        "its loss is Float64 of the shape []; allowed: a Float32 scalar");

    [Fact]
    public void A_loss_that_is_not_finite_is_refused() => Refused(
        new Parabola { Single = p => p.log().sum() }, "its first loss is NaN; allowed: a finite number");

    [Fact]
    public void Lanes_with_another_loss_are_refused() => Refused(
        new Parabola(TorchBatching.Lanes) { Lanes = p => p.square().sum([1]).mul(tensor(1.01f)) },
        "with batching = Lanes; allowed: the same");

    [Fact]
    public void A_batch_without_a_dimension_for_the_pairs_is_refused() => Refused(
        new Parabola { Batch = indices => indices.reshape(-1) },
        "a tensor of its batch has the shape [4]; allowed: 2, the number of pairs, as the first size");

    private static void Refused(TorchTask task, string problem)
    {
        TorchRequired.OrSkip();
        var thrown = Assert.ThrowsAny<Exception>(() => TorchTaskCheck.Run(task));
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>The sum of squares of three parameters; a batch of two numbers that are not used.</summary>
    private sealed class Parabola(TorchBatching batching = TorchBatching.Auto) : TorchTask("parabola", [("p", [3])], batching)
    {
        public Func<Tensor, Tensor> Single { get; init; } = p => p.square().sum();

        public Func<Tensor, Tensor> Lanes { get; init; } = p => p.square().sum([1]);

        public Func<Tensor, Tensor> Batch { get; init; } = indices => indices;

        public override BatchDraw Draws => new(2);

        public override bool HasLaneLosses => true;

        public override void Initialise(TrajectoryKey trajectory, Span<float> parameters) => parameters.Fill(-1);

        public override void Draw(
            StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices,
            Span<float> normals) => shuffling.Fill(key, split, order, 10, indices);

        public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) => [Batch(indices)];

        public override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) => Single(parameters[0]);

        public override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
            Lanes(parameters[0]);
    }
}
