using Involute.Tasks.Images;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Images;

/// <summary>A network that is written once, with a leading dimension for the lanes; that of one lane follows.</summary>
public abstract class LaneClassifier : TorchClassifier
{
    /// <inheritdoc/>
    protected LaneClassifier(
        string name, IReadOnlyList<(string Name, int[] Shape)> parameters, ImageDataset data, int batchSize,
        TorchBatching batching)
        : base(name, parameters, data, batchSize, batching)
    {
    }

    /// <inheritdoc/>
    protected sealed override bool HasLaneLogits => true;

    /// <inheritdoc/>
    public sealed override Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return LaneLogits(LaneTask.OneLane(parameters), images.unsqueeze(0)).squeeze(0);
    }

    /// <inheritdoc/>
    public abstract override Tensor LaneLogits(IReadOnlyList<Tensor> parameters, Tensor images);
}
