using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Tasks;

/// <summary>The perceptron of <see cref="ImageMlp"/> in torch: the same parameters, data and loss.</summary>
internal sealed class TorchMlp(ImageDataset data, int hidden, int batchSize, TorchBatching batching = TorchBatching.Auto)
    : TorchClassifier(
        "torch-mlp",
        [
            ("w0", [data.Height * data.Width, hidden]), ("b0", [hidden]), ("w1", [hidden, data.Classes]),
            ("b1", [data.Classes]),
        ],
        data, batchSize, batching)
{
    public override Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor images) =>
        images.reshape(images.shape[0], -1).mm(parameters[0]).add(parameters[1]).relu().mm(parameters[2]).add(parameters[3]);

    protected override bool HasLaneLogits => true;

    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images) =>
        LaneOps.Linear(
            LaneOps.Linear(images.reshape(images.shape[0], images.shape[1], -1), parameters[0], parameters[1]).relu(),
            parameters[2], parameters[3]);
}
