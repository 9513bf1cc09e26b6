using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of a variational <see cref="Autoencoder"/>.</summary>
[Component("vae", "a variational autoencoder of images, by libtorch", Source = "Kingma, Welling, arXiv 1312.6114")]
public sealed record VaeOptions : AutoencoderBaseOptions
{
    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new Autoencoder(true, Images(), Hidden, Latent, BatchSize, Batching);
}
