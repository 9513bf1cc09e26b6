using Involute.Torch.Batching;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>
/// A task whose loss is written once, with a leading dimension for the lanes; that of one lane follows.
/// </summary>
public abstract class LaneTask : TorchTask
{
    /// <inheritdoc/>
    protected LaneTask(
        string name, IReadOnlyList<(string Name, int[] Shape)> parameters, TorchBatching batching = TorchBatching.Auto)
        : base(name, parameters, batching)
    {
    }

    /// <inheritdoc/>
    public sealed override bool HasLaneLosses => true;

    /// <inheritdoc/>
    public sealed override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
        LaneLosses(OneLane(parameters), OneLane(batch)).squeeze(0);

    /// <inheritdoc/>
    public abstract override Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch);

    /// <summary>The same tensors as those of one lane.</summary>
    internal static Tensor[] OneLane(IReadOnlyList<Tensor> tensors) => [.. tensors.Select(tensor => tensor.unsqueeze(0))];
}
