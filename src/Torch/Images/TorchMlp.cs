using Involute.Tasks.Images;
using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>
/// The perceptron of <see cref="ImageMlp"/> with one hidden layer in torch, to compare with: the same parameters, data
/// and loss. The logits of one lane are written for themselves, as a user would.
/// </summary>
/// <param name="data">Images and classes.</param>
/// <param name="hidden">Hidden units, at least 1.</param>
/// <param name="batchSize">Examples per step, at least 1.</param>
/// <param name="batching">How lanes are computed side by side.</param>
internal sealed class TorchMlp(ImageDataset data, int hidden, int batchSize, TorchBatching batching = TorchBatching.Auto)
    : TorchClassifier(
        "torch-mlp",
        [
            ("w0", [data.Height * data.Width, hidden]), ("b0", [hidden]), ("w1", [hidden, data.Classes]),
            ("b1", [data.Classes]),
        ],
        data, batchSize, batching)
{
    /// <inheritdoc/>
    protected override bool HasLaneLogits => true;

    /// <inheritdoc/>
    public override Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor images) =>
        images.reshape(images.shape[0], -1).mm(parameters[0]).add(parameters[1]).relu().mm(parameters[2]).add(parameters[3]);

    /// <inheritdoc/>
    public override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images) =>
        LaneOps.Linear(
            LaneOps.Linear(images.reshape(images.shape[0], images.shape[1], -1), parameters[0], parameters[1]).relu(),
            parameters[2], parameters[3]);
}
