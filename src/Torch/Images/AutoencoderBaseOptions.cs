using Involute.Tasks.Components;

namespace Involute.Torch.Images;

/// <summary>Options of both kinds of <see cref="Autoencoder"/>.</summary>
public abstract record AutoencoderBaseOptions : TorchImageOptions
{
    /// <summary>Units before and after the narrow layer.</summary>
    [Option("Units of the layer before and after the narrow one.", Least = 1, Most = 65_536)]
    public int Hidden { get; init; } = 32;

    /// <summary>Units of the narrow layer.</summary>
    [Option("Units of the narrow layer.", Least = 1, Most = 65_536)]
    public int Latent { get; init; } = 8;
}
