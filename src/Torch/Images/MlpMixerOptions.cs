using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of <see cref="MlpMixer"/>.</summary>
[Component(
    "mlp-mixer", "dense layers in turn over patches and features of images, by libtorch",
    Source = "Tolstikhin et al., arXiv 2105.01601")]
public sealed record MlpMixerOptions : PatchOptions
{
    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new MlpMixer(Images(), Patch, Width, Blocks, BatchSize, Batching);
}
