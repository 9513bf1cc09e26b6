using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using Involute.Torch.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>A perceptron as a user of TorchSharp has it.</summary>
internal sealed class ModulePerceptron(int hidden, int examples) : ModuleTask(
    () => nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10)), examples);

/// <summary>A sequence of modules that classifies the images that come with the program.</summary>
internal abstract class ModuleTask(Func<Sequential> create, int examples) : ModuleTask<Sequential>("module", create)
{
    private readonly TorchImages _images = new(FashionMnist.Embedded8x8());

    public override BatchDraw Draws => new(examples);

    public override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals) =>
        shuffling.Fill(key, split, order, FashionMnist.Embedded8x8()[split].Count, indices);

    public override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split)
    {
        var (images, labels) = _images.Pick(indices, split);
        return [images, labels];
    }

    protected override Tensor Loss(Sequential module, IReadOnlyList<Tensor> batch) =>
        LaneOps.SingleCrossEntropy(module.forward(batch[0].reshape(examples, -1)), batch[1]);
}
