using Involute.Tasks.Components;

namespace Involute.Torch.Images;

/// <summary>Options of networks on patches of images.</summary>
public abstract record PatchOptions : TorchImageOptions
{
    /// <summary>Pixels of a side of a patch.</summary>
    [Option("Pixels of a side of a patch; divides image-size.", Unit = "pixels", Least = 1, Most = 256)]
    public int Patch { get; init; } = 2;

    /// <summary>Features of a patch.</summary>
    [Option("Features of a patch.", Least = 1, Most = 4096)]
    public int Width { get; init; } = 32;

    /// <summary>Blocks.</summary>
    [Option("Number of blocks.", Least = 1, Most = 64)]
    public int Blocks { get; init; } = 2;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check() => ImageSize % Patch == 0
        ? base.Check()
        :
        [
            .. base.Check(),
            new OptionProblem("patch", $"{Patch} does not divide image-size, {ImageSize}", "a divisor of it"),
        ];
}
