using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of a plain <see cref="Autoencoder"/>.</summary>
[Component(
    "autoencoder", "dense layers that reproduce images through a narrow one, by libtorch",
    Source = "learned_optimization, tasks/fixed/image_mlp_ae.py")]
public sealed record AutoencoderOptions : AutoencoderBaseOptions
{
    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new Autoencoder(false, Images(), Hidden, Latent, BatchSize, Batching);
}
