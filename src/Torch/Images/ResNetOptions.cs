using Involute.Tasks.Components;
using Involute.Torch.Tasks;

namespace Involute.Torch.Images;

/// <summary>Options of <see cref="ResNet"/>.</summary>
[Component(
    "resnet", "a small residual network on images, with batch statistics, by libtorch",
    Source = "He et al., arXiv 1512.03385")]
public sealed record ResNetOptions : TorchImageOptions
{
    /// <summary>Channels of the first block.</summary>
    [Option("Channels of the first block; each further block has twice as many.", Least = 1, Most = 1024)]
    public int Channels { get; init; } = 16;

    /// <summary>Residual blocks.</summary>
    [Option("Residual blocks of two convolutions; each after the first halves the image.", Least = 1, Most = 8)]
    public int Blocks { get; init; } = 2;

    /// <inheritdoc/>
    protected override TorchTask CreateTask() => new ResNet(Images(), Channels, Blocks, BatchSize, Batching);
}
